"""Work that a browser does for a form before sending it: nothing to a person, dear to who sends thousands.

The server hides a number behind a hash; the browser tries numbers until one gives that hash. The challenge is signed and
carries its moment, so nothing is stored until a solution comes back. No other service takes part.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.core.signing import BadSignature, Signer
from django.db import connection

from consultations.enums import Doubt
from consultations.models import SpentProof

if TYPE_CHECKING:
    from uuid import UUID

TRIES = 10_000  # at most, half of it on average: about a second on a cheap phone; a crowd makes it more
YOUNGEST = timedelta(seconds=2)  # static/js/proof_of_work.js waits as long
OLDEST = timedelta(days=1)
# One statement, so that of two who bring the same solution at once only one is the first.
SPEND = """
    INSERT INTO consultations_spentproof AS spent (challenge, submission_id, spent_at)
    VALUES (%(challenge)s, %(submission_id)s, %(now)s)
    ON CONFLICT (challenge) DO UPDATE SET submission_id = spent.submission_id
    RETURNING submission_id
"""


def _signer() -> Signer:
    return Signer(salt="consultations.proof")


def _hash(salt: str, number: str) -> str:
    return hashlib.sha256(f"{salt}.{number}".encode()).hexdigest()


def issue(now: datetime, tries: int = TRIES) -> str:
    """A new challenge as the page carries it: 'salt.hash.seconds.tries:signature'."""
    salt, number = secrets.token_urlsafe(12), str(secrets.randbelow(tries))
    return _signer().sign(f"{salt}.{_hash(salt, number)}.{int(now.timestamp())}.{tries}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that this desk has issued."""

    salt: str
    wanted: str
    issued_at: datetime
    tries: int

    @classmethod
    def read(cls, signed: str) -> Self | None:
        """None for whatever the desk has not signed; one without tries is of a page opened under an earlier version."""
        try:
            salt, wanted, seconds, *tries = _signer().unsign(signed).split(".")
        except BadSignature:
            return None
        return cls(salt, wanted, datetime.fromtimestamp(int(seconds), UTC), int(*tries) or TRIES)

    def is_solved_by(self, number: str) -> bool:
        fits = len(number) <= len(str(self.tries - 1))
        return fits and secrets.compare_digest(_hash(self.salt, number), self.wanted)

    def spend(self, submission_id: UUID, now: datetime) -> bool:
        """Whether this submission is the first one the work is brought for, also when it is sent again.

        One statement. Call it outside a transaction, as a limit of `throttle`.
        """
        with connection.cursor() as cursor:
            cursor.execute(SPEND, {"challenge": self.wanted, "submission_id": submission_id, "now": now})
            (spent_for,) = cursor.fetchone()
        return bool(spent_for == submission_id)


def doubts_about_work(challenge: str, solution: str, submission_id: UUID, now: datetime) -> list[Doubt]:
    """What makes the work that came with a form look like a program's; nothing for a browser of today.

    Marks the solution as spent: at most one statement, to be called outside a transaction.
    """
    issued = Challenge.read(challenge)
    if issued is None or not issued.is_solved_by(solution):
        doubts = [Doubt.NO_PROOF]
    else:
        doubts = [] if issued.spend(submission_id, now) else [Doubt.SPENT_PROOF]
    if issued is not None and now - issued.issued_at < YOUNGEST:
        doubts.append(Doubt.TOO_QUICK)
    if issued is not None and now - issued.issued_at > OLDEST:
        doubts.append(Doubt.TOO_OLD)
    return doubts


def forget_spent(now: datetime) -> int:
    """Delete what nobody could bring again, being too old; returns how many there were."""
    return SpentProof.objects.filter(spent_at__lt=now - OLDEST - timedelta(hours=1)).delete()[0]
