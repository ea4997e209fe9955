"""Beat down over a deadline and more than one weekend, then back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.health import SWEEP
from consultations.enums import Act, ActorKind
from consultations.models import Entry, Timer
from notifications.models import Message
from offices.calendar import closing, is_working_day, opening, previous_working_day
from offices.calendars import calendar_of
from offices.models import Heartbeat
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.faults
COUNT = 5


@pytest.fixture
def another_sweep(fleet):
    """Wait until a sweep that began after now has ended."""

    def another_sweep():
        for _ in range(2):
            since = timezone.now()
            later = Heartbeat.objects.filter(name=SWEEP, beat_at__gt=since)
            fleet.until(later.exists, "another sweep has ended")

    return another_sweep


def owed(consultation, now):
    """What the clock should have done since a consultation came, by the office's calendar: (moment, act), in order."""
    calendar = calendar_of(consultation.office)
    asked_on = consultation.received_at.astimezone(calendar.zone).date()
    days = [asked_on + timedelta(days=n) for n in range(1, (now - consultation.received_at).days + 2)]
    due_day = consultation.due_at.astimezone(calendar.zone).date()
    missed = [closing(calendar, day) for day in days if is_working_day(calendar, day)]
    return sorted(
        [
            *((moment, Act.MISS_PROGRESS) for moment in missed if moment <= now),
            (opening(calendar, previous_working_day(calendar, due_day)), Act.WARN_DEADLINE),
            (opening(calendar, due_day), Act.WARN_DEADLINE),
            (consultation.due_at, Act.MARK_LATE),
        ]
    )


def done(consultation):
    """What it has done, as it was written down."""
    acts = (Act.MISS_PROGRESS, Act.WARN_DEADLINE, Act.MARK_LATE)
    return list(consultation.entries.filter(act__in=acts).order_by("pk").values_list("at", "act"))


def test_each_act_comes_once_in_order_with_its_true_moment(
    fleet, office, cso, long_ago, mail, all_left, another_sweep
):
    waiting = [ConsultationFactory(office=office, officer=cso, now=long_ago) for _ in range(COUNT)]
    back_at = timezone.now()
    fleet.start("worker")
    beat = fleet.start("beat")
    fleet.until(lambda: not Timer.objects.due(timezone.now()).exists(), "nothing is due any more")
    fleet.kill(beat)
    fleet.start("beat")
    another_sweep()
    all_left()
    for consultation in waiting:
        assert sorted(done(consultation)) == owed(consultation, timezone.now())
        written = consultation.entries.filter(actor_kind=ActorKind.SYSTEM).order_by("pk")
        moments = list(written.values_list("at", flat=True))
        assert moments == sorted(moments)
    assert not Entry.objects.filter(actor_kind=ActorKind.SYSTEM, recorded_at__lt=back_at).exists()
    told = Message.objects.filter(kind="progress_automatic").values_list("reference", flat=True)
    assert sorted(told) == sorted(consultation.number for consultation in waiting)
    assert len(mail.received) == len({each.id for each in mail.received}) == Message.objects.count()
