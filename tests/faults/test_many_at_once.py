"""Two beats and four workers at once: each timer acts once, each mail leaves once."""

from collections import Counter

import pytest
from django.utils import timezone

from consultations.enums import Act
from consultations.models import Timer
from notifications.models import Message
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.faults
COUNT = 520  # more than one batch of a sweep, so that two are at work at once


def test_two_beats_and_four_workers_do_nothing_twice(fleet, office, cso, acts, mail, all_left):
    late = [ConsultationFactory(office=office, officer=cso, late=True) for _ in range(COUNT)]
    assert Timer.objects.due(timezone.now()).count() == COUNT
    with fleet.nobody_writes("consultations_entry"):
        for kind in ("worker", "worker", "worker", "worker", "beat", "beat"):
            fleet.start(kind)
        fleet.until(lambda: fleet.waiting() > 1, "two sweeps are in the middle of their transactions")
    fleet.until(lambda: not Timer.objects.due(timezone.now()).exists(), "every timer has acted")
    all_left()
    marked = Counter(acts(Act.MARK_LATE).values_list("consultation", flat=True))
    assert marked == {consultation.pk: 1 for consultation in late}
    assert Message.objects.filter(kind="late").count() == COUNT
    assert Message.objects.filter(kind="received").count() == COUNT
    assert Counter(each.id for each in mail.received) == Counter(
        Message.objects.values_list("provider_id", flat=True)
    )
