"""Why a message did not leave. The text of each is what an officer reads beside the message."""


class PermanentError(Exception):
    """Trying the same again is pointless: a bad address, a refused content."""


class TransientError(Exception):
    """It may well succeed later."""


class ChannelDown(TransientError):  # noqa: N818 (a state of the channel, not a fault of the message)
    """The channel itself is gone: no other message of it would leave now either."""
