"""The helper: answers on the socket at standard input what each file is, until whoever asks is gone."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import warnings

from consultations.examination import protocol
from consultations.examination.confined import examine_apart

NICENESS = 10  # pages come first


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started the desk
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    os.nice(NICENESS)
    gc.freeze()  # the forks share what is loaded
    with socket.socket(fileno=sys.stdin.fileno()) as asker:
        try:
            while question := protocol.read_question(asker):
                protocol.answer(asker, examine_apart(*question, asker))
        except ConnectionError:
            return


if __name__ == "__main__":
    main()
