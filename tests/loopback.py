"""What the tests' own servers share: they live for one test, and may be told to wait or to be gone."""

import socketserver
import threading


class LoopbackServer(socketserver.ThreadingTCPServer):
    """Serves from the moment it is made. While `may_answer` is cleared, whoever asks is left waiting."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address, conversation):
        super().__init__(address, conversation)
        self.may_answer = threading.Event()
        self.may_answer.set()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """From here on connections are refused."""
        self.may_answer.set()
        self.shutdown()
        self.server_close()
