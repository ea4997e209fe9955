"""What the office has answered before to a question like the one just typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q
from django.urls import reverse

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
        .order_by("-closeness", "-received_at")
        .values_list("closeness", "category_id", "number", "subject", "category__name", "resolved_at")[
            : SHOWN * 2
        ]
    )
    close = [row for row in found if row[0] >= found[0][0] * CLOSE_ENOUGH]
    close.sort(key=lambda row: row[1] != category_id)
    return [
        Similar(
            number=number,
            url=reverse("consultation", args=[number]),
            subject=subject,
            category=category,
            answered_on=format_date(to_local(resolved_at, office.zone).date()) if resolved_at else "",
        )
        for _, _, number, subject, category, resolved_at in close[:SHOWN]
    ]
