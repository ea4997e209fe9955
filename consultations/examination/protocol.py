"""How the desk and its helper speak: a label and a content, and in return one word."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

HEADER = struct.Struct("!8sI")  # the label of the type that the file claims, and its length in bytes
LONGEST_ANSWER = 64


def ask(helper: socket.socket, label: str, content: bytes) -> str:
    """The helper's word for a content. Raises OSError when it is gone or silent."""
    helper.sendall(HEADER.pack(label.encode(), len(content)) + content)
    with helper.makefile("rb") as answers:
        line = answers.readline(LONGEST_ANSWER)
    if not line.endswith(b"\n"):
        raise ConnectionError("The helper ended before its answer.")
    return line.decode().strip()


def read_question(asker: socket.socket) -> tuple[str, bytes] | None:
    """The next label and content; None when whoever asks is gone."""
    with asker.makefile("rb") as questions:
        head = questions.read(HEADER.size)
        if len(head) < HEADER.size:
            return None
        label, length = HEADER.unpack(head)
        content = questions.read(length)
    return (label.rstrip(b"\0").decode(), content) if len(content) == length else None


def answer(asker: socket.socket, word: str) -> None:
    asker.sendall(f"{word}\n".encode())
