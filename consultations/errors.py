"""What a rule of the domain refuses. The message is an Indonesian sentence for whoever tried."""


class RuleError(Exception):
    """An act that the rules do not allow; nothing was changed."""


class TransitionNotAllowed(RuleError):  # noqa: N818 - the name the design gives it
    """The act does not fit the consultation's state or the person."""


class SentBefore(RuleError):  # noqa: N818 - it is no error of whoever sent twice
    """The same sending has been recorded already."""
