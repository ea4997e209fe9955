"""A mail server that takes everything and keeps nothing: `python -m demo.figures.sink`.

It prints its port, and ends when its standard input does, so that it never outlives whoever started it.
"""

from __future__ import annotations

import socketserver
import sys
import threading


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    def handle(self) -> None:
        self.say("220 siap")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 silakan")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self.say("221 selesai" if verb == b"QUIT" else "250 diterima")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


def main() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
