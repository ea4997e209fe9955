"""Reminding an office's officers of the answers that are to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.urls import reverse

from answers.models import PublicAnswer
from notifications.outbox import compose, enqueue
from offices.calendar import is_working_day, opening
from offices.calendars import calendars_of
from offices.dates import format_date
from offices.duties import holders_by_office
from offices.enums import Role
from offices.models import Office

if TYPE_CHECKING:
    from datetime import date, datetime

    from notifications.models import Message
    from offices.models import Staff

MOST_LISTED = 20


def remind_of_reviews(now: datetime) -> int:
    """Write to the officers of each office that is open today about answers whose day has come; how many letters.

    An answer is told of once for each review date. The answers are locked, so that of two runs at once one tells.
    """
    waiting = PublicAnswer.objects.public().filter(review_told_at__isnull=True)
    first_on = dict(waiting.values_list("office").annotate(Min("review_on")))
    offices = Office.objects.filter(pk__in=first_on)
    calendars, officers = calendars_of(offices), holders_by_office(first_on, Role.CSO, now)
    letters = 0
    for office in offices:
        calendar, today = calendars[office.pk], office.local_date(now)
        has_begun = is_working_day(calendar, today) and opening(calendar, today) <= now
        people = [held.staff for held in officers.get(office.pk, ()) if held.staff.email]
        if has_begun and people and first_on[office.pk] <= today:
            letters += _remind(office, people, today, now)
    return letters


@transaction.atomic
def _remind(office: Office, people: list[Staff], today: date, now: datetime) -> int:
    due = PublicAnswer.objects.filter(office=office, review_told_at__isnull=True).to_review(today)
    held = list(
        due.only("question", "review_on")
        .select_for_update(skip_locked=True, no_key=True)
        .order_by("review_on", "pk")
    )
    if not held:
        return 0
    PublicAnswer.objects.filter(pk__in=[answer.pk for answer in held]).update(review_told_at=now)
    enqueue(_letter(office, person, held, today, now) for person in people)
    return len(people)


def _letter(
    office: Office, person: Staff, answers: list[PublicAnswer], today: date, now: datetime
) -> Message:
    return compose(
        office=office,
        kind="answer_review",
        template="answer_review",
        context={
            "name": person.full_name,
            "lines": [
                f"{answer.question} ({format_date(answer.review_on)})" for answer in answers[:MOST_LISTED]
            ],
            "unlisted": max(len(answers) - MOST_LISTED, 0),
            "url": f"{settings.SITE_URL}{reverse('answer_list')}?keadaan=tinjau",
        },
        recipient=person.email,
        recipient_name=person.full_name,
        dedupe_key=f"answer-review:{today}:{answers[0].pk}:{person.pk}",
        now=now,
    )
