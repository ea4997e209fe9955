"""A mail server of a test's own, which may hold, delay, refuse or drop what it is given, and remembers all it took."""

import email
import re
import socketserver
from email.policy import default as modern
from typing import NamedTuple

from tests.loopback import LoopbackServer

HANG = "hang"
HANG_UP = "hang up"


class Mail(NamedTuple):
    id: str
    to: str
    subject: str


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    def handle(self):
        try:
            self.converse()
        except OSError:  # the sender was killed
            return

    def converse(self):
        self.say("220 siap")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()[:4]
            if verb == "RCPT":
                recipient = re.search("<(.*)>", line).group(1)
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 silakan")
                if not self.take(b"".join(iter(self.rfile.readline, b".\r\n")), recipient):
                    return
            else:
                self.say("221 selesai" if verb == "QUIT" else "250 ok")

    def take(self, text, recipient):
        """Answer a text as the server is told to for its recipient; False when the conversation is over."""
        answer = self.server.answers.get(recipient, "250 diterima")
        if answer == HANG:
            self.rfile.read()  # until the sender has had enough
            return False
        if answer == HANG_UP:
            return False
        if answer.startswith("2"):
            head = email.message_from_bytes(text, policy=modern)
            self.server.received.append(Mail(head["Message-ID"], recipient, head["Subject"]))
            self.server.may_answer.wait()
        self.say(answer)
        return True

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(LoopbackServer):
    """`answers` says what a recipient's mails are answered with; `received` has every mail that was taken, also those
    whose sender waits for `may_answer`.
    """

    def __init__(self, port=0):
        self.answers, self.received = {}, []
        super().__init__(("127.0.0.1", port), Conversation)
        self.port = self.server_address[1]
