"""Step 7b: whoever waits for an answer can be reached, whichever way the question came in or came open again."""

import pytest
from django.db import IntegrityError, connection, transaction

from consultations import actors, lifecycle
from consultations.enums import ContactChannel, Source, Status
from consultations.errors import RuleError
from consultations.models import Consultation
from tests.factories import ConsultationFactory, StakeholderFactory, forget_contact

pytestmark = pytest.mark.django_db
NOBODY = lifecycle.Contact("Siti")
BLANK = lifecycle.Contact("Siti", " ", "\t")
REACHABLE = lifecycle.Contact("Siti", "+6281234567890")


@pytest.fixture
def asked(office, at):
    """`asked(source, contact)` is a question of the twentieth, not taken down yet."""

    def intake(source, contact):
        return lifecycle.Intake(
            source=source,
            category=office.categories.get(code="RETUR"),
            stakeholder=StakeholderFactory(office=office),
            contact=contact,
            question="Mengapa SP2D kami diretur?",
            received_at=at(20),
        )

    return intake


@pytest.fixture
def on_the_spot(office, at):
    """Answered at the counter, by somebody who left no contact."""
    return ConsultationFactory(office=office, now=at(20), source=Source.COUNTER, contact=NOBODY)


def keep_promises_now():
    """What the database looks at as a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def change_at_once(consultation, **values):
    Consultation.objects.filter(pk=consultation.pk).update(**values)
    keep_promises_now()


@pytest.mark.parametrize("contact", [NOBODY, BLANK])
@pytest.mark.parametrize("source", Source)
def test_no_way_in_opens_a_question_whose_answer_reaches_nobody(office, officer, asked, at, source, contact):
    for take_down in (lifecycle.open_consultation, lifecycle.receive_at_desk):
        with pytest.raises(RuleError, match="wajib diisi"):
            take_down(office, asked(source, contact), by=officer, now=at(20))
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "ending",
    [
        lifecycle.Resolution("Rekening pasif."),
        lifecycle.Referral("KPP Pratama Mataram", "loket TPT"),
        lifecycle.Departure("Bapak/Ibu telah pergi."),
    ],
)
def test_what_ends_at_the_counter_needs_no_contact(office, officer, asked, at, ending):
    visit = asked(Source.COUNTER, NOBODY)
    ended = lifecycle.receive_at_desk(office, visit, by=officer, now=at(20), resolution=ending)
    keep_promises_now()
    assert not ended.is_open


@pytest.mark.parametrize("contact", [NOBODY, BLANK])
@pytest.mark.parametrize("source", [Source.COUNTER, Source.FORM])
def test_a_contact_is_changed_but_never_emptied(office, officer, at, source, contact):
    consultation = ConsultationFactory(office=office, now=at(20), source=source, officer=officer.staff)
    with pytest.raises(RuleError, match="wajib diisi"):
        lifecycle.record_contact(consultation, contact, by=officer, now=at(20))
    consultation.refresh_from_db()
    assert consultation.has_contact


def test_an_officer_reopens_once_somebody_can_be_reached(on_the_spot, officer, at):
    with pytest.raises(RuleError, match="Catat dahulu nomor telepon atau surel"):
        lifecycle.reopen(on_the_spot, "Masih diretur.", by=officer, now=at(23))
    lifecycle.record_contact(on_the_spot, REACHABLE, by=officer, now=at(23))
    assert lifecycle.reopen(on_the_spot, "Masih diretur.", by=officer, now=at(23)).is_open


def test_a_stakeholder_who_reopens_says_how_to_be_reached(on_the_spot, at):
    by = actors.STAKEHOLDER
    with pytest.raises(RuleError):
        lifecycle.reopen(on_the_spot, "Masih diretur.", by=by, now=at(23))
    with pytest.raises(RuleError, match="wajib diisi"):
        lifecycle.reopen(on_the_spot, "Masih diretur.", by=by, now=at(23), contact=BLANK)
    reopened = lifecycle.reopen(on_the_spot, "Masih diretur.", by=by, now=at(23), contact=REACHABLE)
    assert (reopened.status, reopened.contact_phone) == (Status.IN_PROGRESS, REACHABLE.phone)


def test_a_topic_split_off_needs_a_contact_too(office, officer, at):
    whole = forget_contact(ConsultationFactory(office=office, now=at(20), source=Source.COUNTER, taken=True))
    with pytest.raises(RuleError, match="wajib diisi"):
        lifecycle.split(whole, "Dan SPM?", office.categories.get(code="PEMBAYARAN"), by=officer, now=at(20))
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize("source", [Source.COUNTER, Source.FORM])
def test_the_database_lets_no_open_question_lose_its_contact(office, at, source):
    consultation = ConsultationFactory(office=office, now=at(20), source=source)
    emptied = {"contact_phone": "", "contact_email": "", "contact_channel": ContactChannel.PHONE}
    with pytest.raises(IntegrityError, match=r"contact|can be reached"):
        change_at_once(consultation, **emptied)


def test_the_database_opens_none_again_without_a_contact(on_the_spot):
    with pytest.raises(IntegrityError, match="can be reached"):
        change_at_once(on_the_spot, status=Status.IN_PROGRESS, resolved_at=None)


def test_what_was_open_without_one_before_can_still_be_answered(office, officer, at):
    before = forget_contact(ConsultationFactory(office=office, now=at(20), source=Source.COUNTER, taken=True))
    lifecycle.note(before, "Menunggu kedatangan kembali.", by=officer, now=at(20))
    assert lifecycle.resolve(before, "Rekening pasif.", by=officer, now=at(23)).status == Status.RESOLVED
    keep_promises_now()
