"""Held sendings at the desk: read with their files, accepted one by one, rejected many at once, and taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import held
from consultations.enums import Doubt
from consultations.models import Consultation, HeldSubmission
from consultations.tokens import new_token
from consultations.views.held import PAGE_SIZE
from offices.enums import Role
from tests import samples
from tests.clamserver import VIRUS
from tests.factories import HeldSubmissionFactory, OfficeFactory, StaffFactory, paper

pytestmark = pytest.mark.django_db
LIST = "/meja/tertahan/"
REJECTED = f"{LIST}ditolak/"
REASON = "Iklan, bukan pertanyaan."


@pytest.fixture
def submission(office):
    return HeldSubmissionFactory(office=office, files=[paper()])


@pytest.fixture
def reject(desk):
    def reject(*chosen, reason=REASON, query=""):
        return desk.post(f"{LIST}tolak/{query}", {"held": [each.pk for each in chosen], "reason": reason})

    return reject


def text_of(response):
    return response.content.decode()


def references(response):
    return [wait.held.reference for wait in response.context["waits"]]


def receipt(client, submission):
    return text_of(client.get(reverse("held_receipt", args=[new_token(submission.public_id)])))


def test_an_officer_sees_what_waits_and_why(desk, submission):
    HeldSubmissionFactory(office=OfficeFactory(), question="Milik kantor lain")
    page = text_of(desk.get(LIST))
    for part in (submission.reference, "Siti Rahma", "diretur", Doubt.NO_PROOF.label, "koran.pdf"):
        assert part in page
    assert "Milik kantor lain" not in page


def test_a_file_is_saved_before_anything_is_decided_and_never_opened_in_place(desk, submission):
    response = desk.get(f"{LIST}berkas/{submission.files.get().pk}/")
    assert b"".join(response.streaming_content) == paper().content.read()
    assert response["Content-Disposition"] == 'attachment; filename="koran.pdf"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_is_opened_only_when_the_scanner_finds_it_clean(desk, office, clam):
    clean, infected = HeldSubmissionFactory(
        office=office, files=[paper(), paper("obral.pdf", samples.pdf() + b"% " + VIRUS)]
    ).files.all()
    response = desk.get(f"{LIST}berkas/{clean.pk}/")
    assert b"".join(response.streaming_content) == paper().content.read()
    assert "belum dinyatakan aman" in text_of(desk.get(f"{LIST}berkas/{infected.pk}/", follow=True))


def test_while_the_scanner_is_silent_no_file_is_opened(desk, submission, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    assert desk.get(f"{LIST}berkas/{submission.files.get().pk}/").url == LIST


def test_it_says_how_long_each_has_waited_and_how_much_of_the_promise_is_used(desk, office, at):
    HeldSubmissionFactory(
        office=office, now=at(20, 9)
    )  # a Friday: due on Wednesday at 17.00; now it is Monday, 09.00
    (wait,) = desk.get(LIST).context["waits"]
    assert (wait.waited, wait.used) == ("9 jam", 25)
    assert wait.due.label == "25 November 2026 pukul 17.00"


def test_what_is_past_its_deadline_is_marked_late(desk, office, at):
    HeldSubmissionFactory(office=office, now=at(13))
    (wait,) = desk.get(LIST).context["waits"]
    assert (wait.due.level, wait.used) == ("late", 100)


def test_every_page_goes_on_where_the_last_one_ended(desk, office, at):
    expected = [HeldSubmissionFactory(office=office, now=at(20)).reference for _ in range(PAGE_SIZE + 3)]
    first = desk.get(LIST)
    second = desk.get(LIST, {"sesudah": first.context["next_place"]})
    assert references(first) + references(second) == expected
    assert second.context["next_place"] == ""
    assert f"{PAGE_SIZE + 3} kiriman formulir menunggu" in text_of(second)


@pytest.mark.parametrize(
    "place",
    [
        "kemarin_1",
        "2026-11-20T10:00:00_1",
        "2026-11-20T10:00:00+00:00_-1",
        f"2026-11-20T10:00:00+00:00_{10**30}",
    ],
)
@pytest.mark.parametrize("address", [LIST, REJECTED])
def test_a_place_that_makes_no_sense_is_the_beginning(desk, submission, address, place):
    response = desk.get(address, {"sesudah": place})
    assert response.context["is_first"]


def test_a_place_behind_the_last_leads_to_the_beginning(desk, submission):
    behind = f"{(timezone.now() + timedelta(days=1)).isoformat()}_1"
    assert desk.get(LIST, {"sesudah": behind}).url == LIST


def test_many_are_rejected_at_once_and_each_sender_reads_why(reject, desk, client, office):
    spam = [HeldSubmissionFactory(office=office) for _ in range(3)]
    question = HeldSubmissionFactory(office=office)
    page = text_of(desk.get(reject(*spam).url))
    assert "3 kiriman ditolak." in page
    assert question.reference in page
    for each in spam:
        assert each.reference not in page
        assert REASON in receipt(client, each)


def test_after_rejecting_the_officer_goes_on_where_they_were(reject, office, at):
    submission = HeldSubmissionFactory(office=office, now=at(20))
    query = "?sesudah=2026-11-19T00%3A00%3A00%2B00%3A00_1"
    assert reject(submission, query=query).url == f"{LIST}{query}"


def test_what_a_colleague_decided_meanwhile_stays_decided(reject, desk, office, cso):
    accepted, waiting = HeldSubmissionFactory(office=office), HeldSubmissionFactory(office=office)
    held.accept(accepted, by=cso, now=timezone.now())
    page = text_of(desk.get(reject(accepted, waiting).url))
    assert "1 kiriman ditolak." in page
    assert "1 kiriman sudah diputuskan sebelumnya." in page
    accepted.refresh_from_db()
    assert accepted.consultation is not None


@pytest.mark.parametrize(
    ("change", "link"),
    [({"reason": " "}, "#id_reason"), ({"held": []}, "#id_held"), ({"held": ["x"]}, "#id_held")],
)
def test_without_a_reason_or_a_choice_nothing_is_rejected(desk, submission, change, link):
    response = desk.post(f"{LIST}tolak/", {"held": [submission.pk], "reason": REASON} | change)
    assert response.status_code == 422
    assert f'href="{link}"' in text_of(response)
    submission.refresh_from_db()
    assert submission.is_waiting


def test_a_refused_rejection_keeps_what_was_ticked(reject, submission, office):
    HeldSubmissionFactory(office=office)
    page = text_of(reject(submission, reason=""))
    assert page.count(" checked>") == 1


def test_nothing_of_another_office_is_rejected(reject):
    foreign = HeldSubmissionFactory(office=OfficeFactory())
    assert reject(foreign).status_code == 422
    foreign.refresh_from_db()
    assert foreign.is_waiting


def test_what_was_rejected_is_listed_with_its_reason_the_latest_first(
    reject, desk, office, cso, time_machine
):
    first, second = HeldSubmissionFactory(office=office), HeldSubmissionFactory(office=office)
    reject(first)
    time_machine.shift(60)
    reject(second, reason="Kiriman percobaan.")
    response = desk.get(REJECTED)
    assert response.context["page"] == [second, first]
    for part in (REASON, "Kiriman percobaan.", cso.full_name):
        assert part in text_of(response)


def test_every_page_of_the_rejected_goes_on_where_the_last_one_ended(reject, desk, office):
    spam = [HeldSubmissionFactory(office=office) for _ in range(PAGE_SIZE + 3)]
    reject(*spam)
    first = desk.get(REJECTED)
    second = desk.get(REJECTED, {"sesudah": first.context["next_place"]})
    assert [*first.context["page"], *second.context["page"]] == spam[::-1]


def test_a_rejection_by_mistake_is_taken_back_and_the_deadline_still_counts_from_sending(
    reject, desk, client, office, at
):
    submission = HeldSubmissionFactory(office=office, now=at(20, 9), files=[paper()])
    reject(submission)
    desk.post(f"{LIST}{submission.pk}/terima-juga/")
    consultation = Consultation.objects.get()
    assert (consultation.received_at, consultation.due_at) == (at(20, 9), at(25, 17))
    assert consultation.attachments.get().name == "koran.pdf"
    assert consultation.number in receipt(client, submission)
    assert desk.get(REJECTED).context["page"] == []


def test_who_did_not_see_the_rejection_does_not_undo_it(reject, desk, submission):
    reject(submission)
    page = text_of(desk.post(f"{LIST}{submission.pk}/terima/", follow=True))
    assert "sudah diputuskan" in page
    assert not Consultation.objects.exists()


def test_what_waits_is_not_accepted_as_if_it_were_rejected(desk, submission):
    desk.post(f"{LIST}{submission.pk}/terima-juga/")
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_who_reads_the_offices_consultations_reads_these_and_decides_nothing(
    client, office, submission, role
):
    unit = office.units.get(code="BANK") if role == Role.UNIT_HEAD else None
    client.force_login(StaffFactory(office=office, role=role, unit=unit))
    page = text_of(client.get(LIST))
    assert submission.reference in page
    assert "Terima" not in page
    assert "Tolak" not in page


@pytest.mark.parametrize("address", [LIST, REJECTED])
def test_a_list_costs_the_same_for_one_and_for_six(
    reject, desk, office, django_assert_max_num_queries, address
):
    submissions = [HeldSubmissionFactory(office=office, files=[paper()]) for _ in range(6)]
    if address == REJECTED:
        reject(*submissions)
    with django_assert_max_num_queries(11):
        desk.get(address)


def test_the_day_begins_with_how_many_wait_and_since_when(desk, office, at):
    assert "menunggu pemeriksaan" not in text_of(desk.get("/meja/"))
    HeldSubmissionFactory(office=office, now=at(20, 9))
    said = "1 kiriman formulir menunggu pemeriksaan, yang terlama sejak Jumat, 20 November 2026 pukul 09.00 WITA."
    assert said in text_of(desk.get("/meja/"))


def test_what_was_accepted_after_its_rejection_is_not_forgotten(office, cso, at):
    submission = HeldSubmissionFactory(office=office, now=at(1))
    held.reject(HeldSubmission.objects.all(), REASON, by=cso, now=at(1))
    held.accept(submission, by=cso, now=at(23, 9), after_rejection=True)
    assert held.forget_rejected(at(23, 9) + timedelta(days=60)) == 0
