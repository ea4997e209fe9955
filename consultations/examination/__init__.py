"""What opens the files that people send: a process of its own, which knows the parsers and nothing of the desk.

Nothing here imports Django, and the desk imports none of the parsers: `consultations/examiner.py` starts `__main__.py` and
asks it. Each file is examined in a fork that the kernel ends when it takes too much (`confined.py`), so that whatever a
file does to its parser is over with it.
"""
