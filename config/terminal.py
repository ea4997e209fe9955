"""What the person at the terminal sees of long steps and refusals."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Refused(Exception):  # noqa: N818 - an answer to the person at the terminal, not a programming error
    """Something cannot be done; the message says in one line what to do next."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and when it is done."""
    say(f"{text} ... ", end="")
    try:
        yield
    except BaseException:
        say("gagal")
        raise
    say("siap")


def say(text: str, end: str = "\n") -> None:
    sys.stderr.write(text + end)
    sys.stderr.flush()
