"""A ClamAV daemon of a test's own: it judges by content, may hang, hang up or refuse, and remembers what it judged."""

import socket
import socketserver
import struct
from contextlib import suppress

from tests.loopback import LoopbackServer

VIRUS = b"pesan-uji-program-berbahaya"
FOUND = "stream: Uji.Berbahaya.UNOFFICIAL FOUND"
HANG = "hang"
HANG_UP = "hang up"


class Conversation(socketserver.StreamRequestHandler):
    """As much of clamd's protocol as a scan of a stream needs."""

    def handle(self):
        with suppress(OSError):  # the one who asks was killed, or has had enough
            command = self.rfile.readline()
            if command == b"nPING\n":
                self.say("PONG" if self.server.is_well else "")
            elif command == b"nINSTREAM\n":
                self.judge()

    def judge(self):
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4).ljust(4, b"\0"))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.longest_stream:
                self.say("INSTREAM size limit exceeded. ERROR")
                return
            if self.server.answers.get(content) == HANG_UP:
                return
        answer = self.server.answers.get(content, FOUND if VIRUS in content else "stream: OK")
        if answer == HANG:
            self.rfile.read()  # until whoever waits has had enough
            return
        self.server.judged.append(content)
        self.server.may_answer.wait()
        self.say(answer)

    def say(self, answer):
        self.wfile.write(f"{answer}\n".encode())


class ClamServer(LoopbackServer):
    """At a port, or at a path of the file system, which CLAMD_URL names as `url`.

    `answers` says what a content is answered with, else it is whether VIRUS is in it; `judged` has every one, also
    those whose sender waits for `may_answer`.
    """

    def __init__(self, port=0, path=None):
        self.address_family = socket.AF_UNIX if path else socket.AF_INET
        self.answers, self.judged = {}, []
        self.longest_stream, self.is_well = 10_000_000, True
        super().__init__(str(path) if path else ("127.0.0.1", port), Conversation)
        self.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{self.server_address[1]}"
