"""The morning letter: once for each person and working day, at the opening of their own office."""

import pytest
from django.db import connection

from consultations import actors, lifecycle
from consultations.enums import ProgressChannel
from escalations import services
from escalations.digest import MOST_LISTED, send_digests
from notifications.models import Message
from offices.enums import HolidayKind, Role
from offices.models import Appointment, Holiday
from tests.factories import (
    AppointmentFactory,
    ConsultationFactory,
    HeldSubmissionFactory,
    OfficeFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


def digests():
    return Message.objects.filter(kind="digest")


def told():
    return sorted(digests().values_list("recipient", flat=True))


def test_it_comes_when_the_day_opens_and_not_before(consultation, cso, at):
    assert send_digests(at(23, 7, 59)) == 0
    assert send_digests(at(23, 8)) == 1
    assert told() == [cso.email]


def test_it_comes_once_a_day_however_often_it_is_looked(consultation, at):
    assert [send_digests(at(23, hour)) for hour in (8, 9, 16)] == [1, 0, 0]
    assert send_digests(at(24, 8)) == 1


def test_when_nothing_ran_at_opening_it_comes_later_the_same_day_but_not_after_closing(consultation, at):
    assert send_digests(at(23, 14, 30)) == 1
    assert send_digests(at(24, 17)) == 0


def test_who_had_nothing_waiting_in_the_morning_hears_no_more_of_that_day(office, cso, at):
    assert send_digests(at(23, 8)) == 0
    ConsultationFactory(office=office, received_at=at(17), now=at(23, 9), officer=cso)
    assert send_digests(at(23, 9, 5)) == 0


@pytest.mark.parametrize("day", [21, 22])
def test_none_comes_at_the_weekend(consultation, at, day):
    assert send_digests(at(day, 9)) == 0


def test_none_comes_on_a_day_the_office_is_closed(consultation, office, at):
    Holiday.objects.create(office=office, date=at(23).date(), name="Banjir", kind=HolidayKind.CLOSED)
    assert send_digests(at(23, 9)) == 0


def test_each_office_opens_by_its_own_wall(consultation, cso, at):
    jayapura = OfficeFactory(time_zone="Asia/Jayapura")
    colleague = StaffFactory(office=jayapura, role=Role.CSO)
    ConsultationFactory(office=jayapura, now=at(20), officer=colleague)
    send_digests(at(23, 7))
    assert told() == [colleague.email]
    send_digests(at(23, 8))
    assert told() == sorted([colleague.email, cso.email])


def test_it_says_what_is_late_what_is_due_today_and_where_progress_is_owed(office, cso, at):
    late = ConsultationFactory(office=office, now=at(17), officer=cso)
    today = ConsultationFactory(office=office, now=at(18), officer=cso)
    fresh = ConsultationFactory(office=office, now=at(20), officer=cso)
    send_digests(at(23, 8))
    letter = digests().get()
    assert letter.subject == "Pekerjaan hari ini, 23 November 2026"
    paragraphs = letter.body.split("\n\n")
    assert paragraphs[2] == (
        "Terlambat: 1\n"
        f"- {late.number}: {late.subject} (batas waktu Jumat, 20 November 2026 pukul 17.00 WITA)"
    )
    assert paragraphs[3] == (
        "Jatuh tempo hari ini: 1\n"
        f"- {today.number}: {today.subject} (batas waktu Senin, 23 November 2026 pukul 17.00 WITA)"
    )
    assert paragraphs[4].startswith("Progres yang perlu disampaikan hari ini: 3\n")
    assert fresh.number in paragraphs[4]
    assert paragraphs[5].endswith("/meja/\n")


def test_what_was_told_already_and_what_is_answered_is_not_in_it(consultation, office, officer, at):
    lifecycle.post_progress(
        consultation, "Menunggu bank.", by=officer, now=at(23, 7), told_through=ProgressChannel.PHONE
    )
    ConsultationFactory(office=office, now=at(17), resolved=True)
    assert send_digests(at(23, 8)) == 0


def test_what_nobody_handles_is_told_to_every_officer_and_what_somebody_does_to_them_alone(office, cso, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    ConsultationFactory(office=office, now=at(20), officer=cso)
    send_digests(at(23, 8))
    assert told() == [cso.email]
    ConsultationFactory(office=office, now=at(23, 9))
    send_digests(at(24, 8))
    assert told() == sorted([cso.email, cso.email, colleague.email])


def test_what_an_officer_who_left_handled_is_told_to_the_others(consultation, office, cso, at):
    colleague = StaffFactory(office=office, role=Role.CSO)
    Appointment.objects.filter(staff=cso).update(ends_on=at(20).date())
    send_digests(at(23, 8))
    assert told() == [colleague.email]


def test_a_head_hears_of_the_questions_that_wait_for_their_word(escalation, bank_head, cso, at):
    send_digests(at(23, 8))
    assert told() == sorted([bank_head.email, cso.email])
    body = digests().get(recipient=bank_head.email).body
    assert "Menunggu arahan Bapak/Ibu: 1" in body
    assert "Progres" not in body


def test_an_answered_question_waits_no_more(escalation, bank_head, at):
    services.answer(escalation, "Boleh.", by=actors.head(bank_head, "Kepala Seksi Bank"), now=at(20, 15))
    send_digests(at(23, 8))
    assert bank_head.email not in told()


def test_the_asked_unit_hears_that_it_is_late_in_place_of_the_categorys(
    consultation, treasury, treasury_head, bank_head, officer, at
):
    services.escalate(consultation, treasury, "Menyangkut SPM.", by=officer, now=at(20, 11))
    send_digests(at(26, 8))
    assert "Terlambat: 1" in digests().get(recipient=treasury_head.email).body
    assert bank_head.email not in told()


def test_the_offices_head_hears_what_is_late_and_what_waits_for_a_unit_without_a_head(
    consultation, treasury, office_head, officer, at
):
    services.escalate(consultation, treasury, "Menyangkut SPM.", by=officer, now=at(20, 11))
    send_digests(at(26, 8))
    body = digests().get(recipient=office_head.email).body
    assert "Terlambat: 1" in body
    assert "Menunggu arahan Bapak/Ibu: 1" in body


def test_officers_and_the_offices_head_hear_which_sendings_wait_for_a_look(office, cso, office_head, at):
    held = HeldSubmissionFactory(office=office, now=at(22, 20, 15))
    send_digests(at(23, 8))

    assert told() == sorted([cso.email, office_head.email])
    assert (
        "Kiriman tertahan yang menunggu pemeriksaan: 1\n"
        f"- {held.reference}: {held.category.name} (dikirim Minggu, 22 November 2026 pukul 20.15 WITA)"
    ) in digests().get(recipient=cso.email).body


def test_somebody_with_two_duties_gets_one_letter_with_each_matter_once(consultation, office, cso, at):
    AppointmentFactory(staff=cso, role=Role.OFFICE_HEAD)
    send_digests(at(26, 8))
    assert digests().get().body.count("Terlambat: 1") == 1


def test_who_has_no_address_or_works_elsewhere_now_is_not_written_to(consultation, office, cso, at):
    cso.email = ""
    cso.save()
    moved = StaffFactory(office=OfficeFactory(), role=None)
    AppointmentFactory(staff=moved, office=office)
    assert send_digests(at(23, 8)) == 0


def test_nothing_of_another_office_is_in_it(consultation, at):
    StaffFactory(office=OfficeFactory(), role=Role.OFFICE_HEAD)
    send_digests(at(26, 8))
    assert digests().count() == 1


def test_a_long_list_is_cut_and_says_so(office, cso, at):
    for _ in range(MOST_LISTED + 2):
        ConsultationFactory(office=office, now=at(20), officer=cso)
    send_digests(at(23, 8))
    body = digests().get().body
    assert f"{MOST_LISTED + 2}\n" in body
    assert body.count("- K") == MOST_LISTED
    assert "- dan 2 lainnya" in body


@pytest.mark.parametrize("count", [1, 6])
def test_the_statements_do_not_grow_with_people_or_consultations(
    office, at, django_assert_num_queries, count
):
    StaffFactory(office=office, role=Role.OFFICE_HEAD)
    for _ in range(count):
        officer = StaffFactory(office=office, role=Role.CSO)
        ConsultationFactory(office=office, now=at(20), officer=officer, escalated=True)
    with django_assert_num_queries(17):
        send_digests(at(26, 8))


def test_an_office_whose_digest_fails_keeps_no_other_waiting_and_is_tried_again(
    consultation, office, cso, at, caplog
):
    elsewhere = OfficeFactory()
    colleague = StaffFactory(office=elsewhere, role=Role.CSO)
    ConsultationFactory(office=elsewhere, now=at(20), officer=colleague)
    refuse_letters_of(office)
    send_digests(at(23, 8))
    assert told() == [colleague.email]
    assert f"The digests of office {office.pk} could not be written" in caplog.text
    accept_letters_again()
    send_digests(at(23, 8, 5))
    assert told() == sorted([colleague.email, cso.email])


def refuse_letters_of(office):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.office_id = {office.pk} THEN RAISE EXCEPTION 'rusak'; END IF; RETURN NEW; END $$; "
            "CREATE TRIGGER refuse BEFORE INSERT ON notifications_message FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


def accept_letters_again():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON notifications_message")


def test_for_the_rest_of_the_day_it_costs_four_statements(consultation, at, django_assert_num_queries):
    send_digests(at(23, 8))
    with django_assert_num_queries(4):
        assert send_digests(at(23, 8, 5)) == 0
