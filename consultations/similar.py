"""What the office has answered before to a question like the one just typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from consultations.enums import Status
from consultations.models import Consultation
from offices.dates import format_date, to_local

if TYPE_CHECKING:
    from consultations.models import ConsultationQuerySet
    from offices.models import Office

MOST_WORDS = 24
SHORTEST_WORD = 4
LATEST = 400  # of each answered state: what is compared, whatever the office has stored
SHOWN = 5
CLOSE_ENOUGH = 0.6  # of the closest one's rank


@dataclass(frozen=True, slots=True)
class Similar:
    """An answered consultation as a link."""

    number: str
    url: str
    subject: str
    category: str
    answered_on: str


def answered_like(
    office: Office, visible: ConsultationQuerySet, text: str, *, category_id: int | None = None
) -> list[Similar]:
    """The office's answered consultations closest in words to a text, those of the category first among equals.

    Only the latest are compared, so the cost does not grow with what is stored; one query, none for a text of less
    than one word worth comparing. Anything may be typed.
    """
    words = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) >= SHORTEST_WORD]
    if not words:
        return []
    query = reduce(
        or_, [SearchQuery(word, config="indonesian") for word in dict.fromkeys(words[-MOST_WORDS:])]
    )
    answered = visible.order_by("-received_at", "-pk").values("pk")
    latest = Q(pk__in=answered.filter(status=Status.RESOLVED)[:LATEST]) | Q(
        pk__in=answered.filter(status=Status.CLOSED)[:LATEST]
    )
    found = list(
        Consultation.objects.filter(latest, search=query)
        .annotate(closeness=SearchRank(F("search"), query))
        .select_related("category")
        .only("number", "subject", "resolved_at", "category__name")
        .order_by("-closeness", "-received_at")[: SHOWN * 2]
    )
    close = [each for each in found if each.closeness >= found[0].closeness * CLOSE_ENOUGH]
    best = sorted(close, key=lambda each: each.category_id != category_id)[:SHOWN]
    return [
        Similar(
            number=each.number,
            url=each.get_absolute_url(),
            subject=each.subject,
            category=each.category.name,
            answered_on=format_date(to_local(each.resolved_at, office.zone).date())
            if each.resolved_at
            else "",
        )
        for each in best
    ]
