"""What happens to somebody's account without their doing: told by whichever floor above knows how to tell people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from offices.models import Staff


class AccountEvent(Enum):
    PASSWORD_SET = "password_set"  # noqa: S105 (no password) - by somebody else
    ADDRESS_CHANGED = "address_changed"  # by somebody else; `staff` is as it was before
    APPOINTED_HEAD = "appointed_head"  # to head a unit or the office; `about` says what and from when
    GUESSED_AT = "guessed_at"  # many wrong passwords


@dataclass(frozen=True, slots=True)
class AccountNews:
    """`by` is who did it, where that is known; `tries` counts wrong passwords."""

    event: AccountEvent
    staff: Staff
    at: datetime
    by: Staff | None = None
    tries: int = 0
    about: str = ""


_tellers: list[Callable[[AccountNews], None]] = []


def join(teller: Callable[[AccountNews], None]) -> None:
    """Have a teller called with all news from now on; to be called once, when its app is loaded."""
    _tellers.append(teller)


def tell(news: AccountNews) -> None:
    """Hand the news to all tellers, in the transaction of what happened."""
    for teller in _tellers:
        teller(news)
