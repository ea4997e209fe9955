"""Every act on a consultation. Nothing else writes one.

Each act, in one transaction: locks the row, checks the transition, changes the row, and leaves its timeline entry,
timers and outgoing messages. What the rules refuse raises RuleError with an Indonesian sentence and changes nothing.
"""

from consultations.lifecycle.conversation import (
    categorise,
    message,
    note,
    post_progress,
    record_call,
    record_contact,
    reply,
    take,
    take_over,
)
from consultations.lifecycle.documents import (
    Verdict,
    receive_documents,
    request_documents,
    review_document,
    withhold_file,
)
from consultations.lifecycle.ending import cancel, close, refer, reopen, resolve
from consultations.lifecycle.keys import may_be_shown, renew_link, send_link, show_link
from consultations.lifecycle.opening import (
    Contact,
    Departure,
    Intake,
    ReferenceTaken,
    Referral,
    Resolution,
    ask_another,
    ask_further,
    link,
    open_consultation,
    receive_at_desk,
    split,
    standard_on,
)
from consultations.lifecycle.step import NO_CONTACT, Step, acting, after_escalation

__all__ = [
    "NO_CONTACT",
    "Contact",
    "Departure",
    "Intake",
    "ReferenceTaken",
    "Referral",
    "Resolution",
    "Step",
    "Verdict",
    "acting",
    "after_escalation",
    "ask_another",
    "ask_further",
    "cancel",
    "categorise",
    "close",
    "link",
    "may_be_shown",
    "message",
    "note",
    "open_consultation",
    "post_progress",
    "receive_at_desk",
    "receive_documents",
    "record_call",
    "record_contact",
    "refer",
    "renew_link",
    "reopen",
    "reply",
    "request_documents",
    "resolve",
    "review_document",
    "send_link",
    "show_link",
    "split",
    "standard_on",
    "take",
    "take_over",
    "withhold_file",
]
