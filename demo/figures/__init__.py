"""What `manage.py bench` measures: the pages, the clock, the outbox, and the public side over HTTP."""
