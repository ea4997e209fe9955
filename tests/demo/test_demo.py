"""The demo shows a desk at work, and the load is made of rows like the lifecycle's."""

from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings
from time_machine import travel

from answers.models import PublicAnswer
from consultations.enums import Act, Status
from consultations.models import Consultation, Entry, Timer
from consultations.sweep import sweep
from consultations.tokens import token_of
from demo import bulk
from demo.accounts import ACCOUNTS, PASSWORD
from frontdesk.models import QueueTicket
from notifications.models import Message
from offices.models import Office, Staff
from tests.factories import ConsultationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
THURSDAY_NOON = datetime(2026, 11, 19, 12, tzinfo=ZoneInfo("Asia/Makassar"))


@pytest.fixture(scope="module")
def demo_day(django_db_setup, django_db_blocker, tmp_path_factory):
    """The day is made once; each test undoes what it adds, and the last one's end undoes the day."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")),
        transaction.atomic(),
    ):
        with travel(THURSDAY_NOON):
            for command in ("load_offices", "load_regulations", "seed_demo"):
                call_command(command, verbosity=0, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(demo_day, time_machine):
    time_machine.move_to(THURSDAY_NOON)


def test_every_office_shows_late_due_and_answered_consultations(seeded):
    for office in Office.objects.all():
        consultations = Consultation.objects.filter(office=office)
        today = THURSDAY_NOON.replace(hour=0), THURSDAY_NOON.replace(hour=23)
        assert consultations.overdue(THURSDAY_NOON).exists()
        assert consultations.due_between(*today).exists()
        assert set(consultations.values_list("status", flat=True)) >= {
            Status.NEW,
            Status.IN_PROGRESS,
            Status.ESCALATED,
            Status.RESOLVED,
            Status.CLOSED,
        }


def test_every_office_has_a_mornings_queue_with_somebody_at_a_counter(seeded):
    for office in Office.objects.all():
        numbers = QueueTicket.objects.on(office, THURSDAY_NOON.date())
        assert set(numbers.values_list("status", flat=True)) == {"waiting", "serving", "done"}
        assert set(numbers.values_list("kind", flat=True)) == {"K", "P"}


def test_the_clock_has_run_through_the_fortnight(seeded):
    assert Entry.objects.filter(act=Act.MARK_LATE).exists()
    assert not Timer.objects.due(THURSDAY_NOON.replace(hour=8)).exists()
    assert not Message.objects.exclude(status="terkirim").exists()


def test_every_office_shows_public_answers_one_to_review_and_one_expired(seeded):
    today = THURSDAY_NOON.date()
    for office in Office.objects.all():
        answers = PublicAnswer.objects.filter(office=office)
        assert answers.current(today).count() >= 12
        assert answers.to_review(today).exists()
        assert answers.expired(today).exists()
        assert not answers.filter(regulations=None).exists()


def test_every_role_of_every_office_can_sign_in(seeded, client):
    for office in Office.objects.all():
        for account in ACCOUNTS:
            assert client.login(username=account.username(office), password=PASSWORD)


def test_demo_accounts_are_known_by_an_address_that_never_receives_mail(seeded):
    assert not Staff.objects.exclude(email__endswith=".invalid").exists()


def test_seeding_again_changes_nothing(seeded):
    before = Consultation.objects.count(), Staff.objects.count()
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    assert (Consultation.objects.count(), Staff.objects.count()) == before


def test_a_load_adds_consultations_that_the_lifecycle_and_the_sweep_can_go_on_with(seeded):
    before = Consultation.objects.count()
    call_command("seed_demo", "--consultations", "50", "--open", "40", verbosity=0, stdout=StringIO())
    assert Consultation.objects.count() == before + 50
    following = ConsultationFactory(office=Office.objects.first(), now=THURSDAY_NOON)
    assert not Consultation.objects.values("number").annotate(times=Count("id")).filter(times__gt=1)
    assert following.number.endswith(f"{Consultation.objects.filter(office=following.office).count():06d}")
    sweep(THURSDAY_NOON.replace(day=30))
    assert not Timer.objects.due(THURSDAY_NOON.replace(day=30)).exists()


def test_copies_in_a_load_have_numbers_and_keys_of_their_own(seeded, monkeypatch):
    before = set(Consultation.objects.values_list("pk", flat=True))
    monkeypatch.setattr(bulk, "ORIGINALS_PER_OFFICE", 3)
    call_command("seed_demo", "--consultations", "20", "--open", "100", verbosity=0, stdout=StringIO())
    added = Consultation.objects.exclude(pk__in=before)
    assert len({token_of(each) for each in added}) == len({each.number for each in added}) == 20
    assert all(each.promises.get().due_at == each.due_at for each in added)
    assert all(each.timers.filter(kind="deadline", fires_at=each.due_at).exists() for each in added)
    assert all(each.entries.filter(act=Act.OPEN).exists() for each in added)
