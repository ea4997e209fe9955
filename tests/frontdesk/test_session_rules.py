"""From "Layani" to what became of the visit: one session, one number, one consultation, in one transaction."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection

from consultations import actors, lifecycle
from consultations.enums import Act, LinkKind, ProgressChannel, Source, Status
from consultations.errors import RuleError
from consultations.models import Consultation, Link
from frontdesk import calls, sessions
from frontdesk.enums import SessionOutcome, TicketStatus
from frontdesk.figures import todays_figures
from frontdesk.models import QueueTicket, Segment, ServiceSession
from frontdesk.sessions import DraftConflictError, Ending, SessionOverError
from notifications.models import Message
from offices.enums import Role
from offices.models import Staff
from tests.factories import OfficeFactory, StaffFactory, StakeholderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(office, cso, now):
    return sessions.start(office, cso, now=now)


@pytest.fixture
def called(shift, take, minutes):
    take()
    return calls.call_next(shift, now=minutes(1))


@pytest.fixture
def served(office, cso, called, minutes):
    return sessions.start(office, cso, now=minutes(2), ticket=called)


@pytest.fixture
def intake(office, now):
    person = StakeholderFactory(office=office)
    return lifecycle.Intake(
        source=Source.COUNTER,
        category=office.categories.get(code="RETUR"),
        stakeholder=person,
        contact=lifecycle.Contact(person.name, person.phone, person.email),
        question="Mengapa SP2D honor kami diretur?",
        received_at=now,
    )


@pytest.fixture
def visitor(office):
    return StakeholderFactory(office=office)


@pytest.fixture
def resolved(intake):
    return Ending(
        outcome=SessionOutcome.RESOLVED, intake=intake, resolution=lifecycle.Resolution("Rekening pasif.")
    )


@pytest.fixture
def end(cso, minutes):
    def end(session, ending, *, minute=10, version=None, **kwargs):
        version = session.draft_version if version is None else version
        by = actors.officer(cso)
        return sessions.finish(session, ending, by=by, now=minutes(minute), version=version, **kwargs)

    return end


def test_serving_a_called_number_starts_the_clock_at_that_counter(served, called, shift, minutes):
    called.refresh_from_db()
    assert called.status == TicketStatus.SERVING
    assert (served.started_at, served.counter, served.standard.session_minutes) == (
        minutes(2),
        shift.counter,
        20,
    )


def test_somebody_without_a_number_is_served_by_an_officer_without_a_counter(session):
    assert session.is_running
    assert (session.ticket, session.counter) == (None, None)


def test_an_officer_serves_one_visitor_at_a_time(session, office, cso, now):
    with pytest.raises(RuleError, match="Masih ada sesi layanan yang berjalan"):
        sessions.start(office, cso, now=now)
    assert ServiceSession.objects.get() == session


def test_a_colleagues_number_is_not_served_and_no_session_begins(office, called, minutes):
    other = StaffFactory(office=office, role=Role.CSO)
    with pytest.raises(RuleError, match=called.label):
        sessions.start(office, other, now=minutes(2), ticket=called)
    assert not ServiceSession.objects.exists()


def test_what_the_visitor_told_the_kiosk_is_in_the_draft(office, cso, shift, take, minutes):
    take(phone="+6281234567890")
    ticket = calls.call_next(shift, now=minutes(1))
    draft = sessions.start(office, cso, now=minutes(2), ticket=ticket).draft
    assert draft == {"category": [str(ticket.category_id)], "phone": ["0812-3456-7890"]}


def test_an_answer_on_the_spot_ends_session_number_and_consultation_together(served, resolved, end, minutes):
    done = end(served, resolved)
    assert (done.outcome, done.ended_at) == (SessionOutcome.RESOLVED, minutes(10))
    assert done.consultation.status == Status.RESOLVED
    assert QueueTicket.objects.get().status == TicketStatus.DONE
    assert not Segment.objects.filter(ended_at=None).exists()


def test_a_follow_up_is_promised_from_the_day_of_the_visit(session, intake, end):
    done = end(session, Ending(outcome=SessionOutcome.FOLLOW_UP, intake=intake))
    assert done.consultation.status == Status.IN_PROGRESS
    assert done.consultation.received_at == session.started_at
    assert Message.objects.get().kind == "received"


def test_a_follow_up_needs_somebody_to_reach_and_changes_nothing_without(served, intake, end):
    unreachable = replace(intake, contact=lifecycle.Contact("Siti"))
    with pytest.raises(RuleError, match="wajib diisi"):
        end(served, Ending(outcome=SessionOutcome.FOLLOW_UP, intake=unreachable))
    assert ServiceSession.objects.get().is_running
    assert QueueTicket.objects.get().status == TicketStatus.SERVING
    assert not Consultation.objects.exists()


def test_documents_asked_for_face_to_face_count_as_told(session, intake, end):
    done = end(session, Ending(outcome=SessionOutcome.DOCUMENTS, intake=intake, documents=["Rekening koran"]))
    consultation = done.consultation
    assert Consultation.objects.get().status == Status.AWAITING_DOCUMENTS
    assert consultation.document_requests.get().items.get().name == "Rekening koran"
    assert consultation.progress_updates.get().channel == ProgressChannel.IN_PERSON


def test_nobody_is_called_about_what_they_were_told_at_the_counter(office, session, intake, end):
    by_phone = replace(intake, contact=lifecycle.Contact("Siti", "+6281234567890"))
    end(session, Ending(outcome=SessionOutcome.DOCUMENTS, intake=by_phone, documents=["Rekening koran"]))
    assert not Consultation.objects.to_call().exists()


def test_a_referral_ends_the_consultation_in_one_message_and_needs_no_contact(session, intake, end):
    stranger = replace(intake, contact=lifecycle.Contact("Siti"))
    referral = lifecycle.Referral("KPP Pratama Mataram", "loket TPT")
    done = end(session, Ending(outcome=SessionOutcome.REFERRED, intake=stranger, resolution=referral))
    assert done.consultation.status == Status.REFERRED
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(SessionOutcome.LEFT, TicketStatus.LEFT), (SessionOutcome.FORM_ONLY, TicketStatus.DONE)],
)
def test_whoever_asked_nothing_leaves_the_session_and_who_they_are(served, visitor, end, outcome, status):
    done = end(served, Ending(outcome=outcome, visitor=visitor))
    assert (done.outcome, done.consultation, done.visitor) == (outcome, None, visitor)
    assert QueueTicket.objects.get().status == status


@pytest.mark.parametrize(
    ("outcome", "missing"),
    [
        (SessionOutcome.LEFT, "Identitas"),
        (SessionOutcome.FORM_ONLY, "Identitas"),
        (SessionOutcome.RESOLVED, "Pertanyaan"),
        (SessionOutcome.FOLLOW_UP, "Pertanyaan"),
    ],
)
def test_nobody_is_served_without_identity_and_question(served, end, outcome, missing):
    with pytest.raises(RuleError, match=f"{missing} pengunjung wajib dicatat"):
        end(served, Ending(outcome=outcome))
    assert QueueTicket.objects.get().status == TicketStatus.SERVING
    assert ServiceSession.objects.get().is_running


def test_the_database_keeps_no_served_session_without_identity(session, now):
    with pytest.raises(IntegrityError, match="session_served_has_identity"):
        ServiceSession.objects.filter(pk=session.pk).update(ended_at=now, outcome=SessionOutcome.FORM_ONLY)


def test_who_went_without_a_word_was_not_served(office, served, end, minutes):
    done = end(served, Ending(outcome=SessionOutcome.NOT_SERVED))
    assert (done.outcome, QueueTicket.objects.get().status) == ("tidak_jadi", TicketStatus.LEFT)
    assert todays_figures(office, 20, minutes(11)).served == 0


def test_a_visitor_is_handed_on_once_the_number_has_left(served, called, shift, colleague, end, minutes):
    handed_on = Ending(outcome=SessionOutcome.HANDED_ON)
    with pytest.raises(RuleError, match="Alihkan dahulu nomor"):
        end(served, handed_on)
    calls.transfer(shift, called, counter=colleague.counter, now=minutes(5))
    assert end(served, handed_on).outcome == SessionOutcome.HANDED_ON
    assert QueueTicket.objects.get().status == TicketStatus.WAITING


def test_somebody_without_a_number_is_not_handed_on(session, end):
    with pytest.raises(RuleError, match="Alihkan dahulu nomor"):
        end(session, Ending(outcome=SessionOutcome.HANDED_ON))


def test_what_a_receptionist_takes_down_waits_for_an_officer(session, intake, end):
    done = end(session, Ending(outcome=SessionOutcome.FOLLOW_UP, intake=intake, is_handed_on=True))
    assert (done.consultation.status, done.consultation.officer) == (Status.NEW, None)
    assert ServiceSession.objects.get().consultation == done.consultation


def test_a_question_left_behind_is_recorded_as_cancelled(session, intake, end):
    left = Ending(
        outcome=SessionOutcome.LEFT, intake=intake, resolution=lifecycle.Departure("Bapak/Ibu telah pergi.")
    )
    assert end(session, left).consultation.status == Status.CANCELLED


def test_a_note_stays_with_the_officers(session, resolved, end):
    consultation = end(session, replace(resolved, note="Membawa surat asli.")).consultation
    assert not consultation.entries.get(act=Act.NOTE).is_public


def test_ending_twice_ends_once(session, resolved, end):
    first = end(session, resolved)
    again = end(session, resolved, minute=12)
    assert (again.consultation, again.ended_at) == (first.consultation, first.ended_at)
    assert Consultation.objects.count() == 1


def test_a_second_topic_is_a_session_of_its_own_with_its_own_minutes(served, resolved, end, minutes, now):
    sessions.save_draft(served, {"name": ["Siti"], "question": ["Satu"]}, version=0, now=now)
    second = end(served, resolved, version=1, goes_on=True)
    assert second.follows == served
    assert second.started_at == minutes(10)
    assert second.draft == {"name": ["Siti"]}
    assert QueueTicket.objects.get().status == TicketStatus.SERVING


def test_a_second_topics_consultation_is_tied_to_the_first(served, resolved, end):
    second = end(served, resolved, goes_on=True)
    done = end(second, resolved, minute=15)
    tie = Link.objects.get()
    assert (tie.consultation, tie.to_id, tie.kind) == (
        done.consultation,
        second.follows.consultation_id,
        LinkKind.RELATED,
    )
    assert QueueTicket.objects.get().status == TicketStatus.DONE


def test_going_on_twice_begins_one_further_topic(session, resolved, end):
    assert end(session, resolved, goes_on=True) == end(session, resolved, goes_on=True)


def test_a_number_sent_elsewhere_meanwhile_does_not_hold_up_the_end(
    served, called, shift, office, end, minutes
):
    calls.transfer(shift, called, category=office.categories.get(code="PEMBAYARAN"), now=minutes(5))
    end(served, Ending(outcome=SessionOutcome.NOT_SERVED))
    assert QueueTicket.objects.get().status == TicketStatus.WAITING


@pytest.fixture
def sent_on(served, called, shift, colleague, minutes):
    """What the colleague at counter 2 serves since the first officer, whose session still runs, sent it there."""
    calls.transfer(shift, called, counter=colleague.counter, now=minutes(5))
    calls.call_next(colleague, now=minutes(6))
    return sessions.start(served.office, colleague.officer, now=minutes(7), ticket=called)


def test_a_number_sent_on_during_the_service_is_served_where_it_was_sent(sent_on, colleague, minutes):
    assert (sent_on.counter, sent_on.started_at) == (colleague.counter, minutes(7))
    assert QueueTicket.objects.get().status == TicketStatus.SERVING


def test_recording_ones_own_part_leaves_the_next_officers_service_alone(served, sent_on, resolved, end):
    assert end(served, resolved).consultation.status == Status.RESOLVED
    assert QueueTicket.objects.get().status == TicketStatus.SERVING
    assert ServiceSession.objects.running().get() == sent_on


def test_a_forgotten_part_leaves_the_next_officers_service_alone(served, sent_on, now):
    closing = now.replace(hour=17)
    sessions.save_draft(sent_on, {"name": ["Siti"]}, version=0, now=closing)
    assert sessions.end_forgotten(closing) == 1
    assert QueueTicket.objects.get().status == TicketStatus.SERVING
    assert ServiceSession.objects.running().get() == sent_on


def test_a_draft_keeps_what_was_typed_and_counts_its_version(session, now):
    assert sessions.save_draft(session, {"name": ["Siti"], "email": [""]}, version=0, now=now) == 1
    session.refresh_from_db()
    assert (session.draft, session.draft_version, session.draft_saved_at) == ({"name": ["Siti"]}, 1, now)


def test_of_two_tabs_the_older_is_told_and_overwrites_nothing(session, now):
    sessions.save_draft(session, {"name": ["Siti"]}, version=0, now=now)
    with pytest.raises(DraftConflictError):
        sessions.save_draft(session, {"name": ["Budi"]}, version=0, now=now)
    session.refresh_from_db()
    assert session.draft == {"name": ["Siti"]}


def test_a_draft_sent_again_since_its_answer_was_lost_is_no_other_tabs(session, now):
    for _ in range(2):
        assert sessions.save_draft(session, {"name": ["Siti"], "email": [""]}, version=0, now=now) == 1


def test_an_older_tab_does_not_end_the_session_either(session, resolved, end, now):
    sessions.save_draft(session, {"name": ["Siti"]}, version=0, now=now)
    with pytest.raises(DraftConflictError):
        end(session, resolved, version=0)
    assert not Consultation.objects.exists()


def test_a_recorded_session_keeps_no_draft_and_takes_none(session, resolved, end, now):
    sessions.save_draft(session, {"name": ["Siti"]}, version=0, now=now)
    assert end(session, resolved, version=1).draft == {}
    with pytest.raises(SessionOverError):
        sessions.save_draft(session, {"name": ["Siti"]}, version=1, now=now)


@pytest.mark.parametrize(("hour", "ended"), [(16, 0), (17, 1)])
def test_a_session_nobody_ended_ends_as_service_closes(session, now, hour, ended):
    assert sessions.end_forgotten(now.replace(hour=hour)) == ended
    session.refresh_from_db()
    assert session.is_time_accurate is not bool(ended)
    assert session.ended_at == (now.replace(hour=17) if ended else None)
    assert sessions.end_forgotten(now.replace(hour=hour)) == 0


def test_a_session_ends_as_the_last_service_of_its_day_closes(session, office, now):
    for service, hour in (("online", 11), ("tatap_muka", 12)):
        half = office.special_hours.create(
            service=service, name="Setengah hari", starts_on=now.date(), ends_on=now.date()
        )
        half.intervals.create(weekday=now.weekday(), opens_at=time(8), closes_at=time(hour))
    assert sessions.end_forgotten(now.replace(hour=11)) == 0
    assert sessions.end_forgotten(now.replace(hour=12)) == 1


def test_while_the_officer_types_nothing_is_forgotten(session, now):
    closing = now.replace(hour=17)
    sessions.save_draft(session, {"name": ["Siti"]}, version=0, now=closing - timedelta(minutes=5))
    assert sessions.end_forgotten(closing) == 0
    assert sessions.end_forgotten(closing + timedelta(minutes=30)) == 1
    session.refresh_from_db()
    assert session.ended_at == closing


def test_a_session_begun_after_hours_ends_at_midnight(office, cso, now):
    sessions.start(office, cso, now=now.replace(hour=18))
    assert sessions.end_forgotten(now.replace(hour=23)) == 0
    assert sessions.end_forgotten(now.replace(day=24, hour=0)) == 1


def test_however_many_are_served_elsewhere_the_forgotten_ones_are_found(session, office, now):
    """Elsewhere is an hour to the west, so that service is not over there yet."""
    jakarta = OfficeFactory(time_zone="Asia/Jakarta")
    officers = Staff.objects.bulk_create(Staff(username=f"loket{n}", office=jakarta) for n in range(250))
    ServiceSession.objects.bulk_create(
        ServiceSession(
            office=jakarta,
            officer=officer,
            standard=jakarta.standards.get(),
            started_at=session.started_at - timedelta(minutes=1),
        )
        for officer in officers
    )
    assert sessions.end_forgotten(now.replace(hour=17)) == 1
    session.refresh_from_db()
    assert session.ended_at == now.replace(hour=17)


def test_one_that_cannot_be_ended_keeps_no_other_running(session, office, cso, now, caplog):
    broken = ServiceSession.objects.get(pk=session.pk)
    other = sessions.start(office, StaffFactory(office=office, role=Role.CSO), now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF OLD.id = {broken.pk} THEN RAISE EXCEPTION 'rusak'; END IF; RETURN NEW; END $$; "
            "CREATE TRIGGER refuse BEFORE UPDATE ON frontdesk_servicesession FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    assert sessions.end_forgotten(now.replace(hour=17)) == 1
    other.refresh_from_db()
    assert other.ended_at == now.replace(hour=17)
    assert f"Session {broken.pk} could not be ended" in caplog.text


def test_yesterdays_session_does_not_hold_up_today_though_the_clock_stood_still(session, office, cso, now):
    sessions.start(office, cso, now=now.replace(day=24))
    session.refresh_from_db()
    assert (session.ended_at, session.is_time_accurate) == (now.replace(hour=17), False)


def test_a_forgotten_sessions_number_ends_with_unknown_minutes(served, now):
    sessions.end_forgotten(now.replace(hour=17))
    assert QueueTicket.objects.get().status == TicketStatus.DONE
    assert not Segment.objects.get(state="serving").is_accurate


def test_a_forgotten_session_is_recorded_later_with_the_moment_the_clock_gave(session, resolved, end, now):
    closing = now.replace(hour=17)
    sessions.end_forgotten(closing)
    session.refresh_from_db()
    done = end(session, resolved, minute=24 * 60)
    assert (done.ended_at, done.is_time_accurate, done.outcome) == (closing, False, SessionOutcome.RESOLVED)
    assert done.consultation.received_at == session.started_at


def test_figures_count_whole_services_whose_minutes_are_known(office, cso, resolved, end, now, minutes):
    for begin, took in ((0, 10), (30, 20), (60, 30)):
        end(sessions.start(office, cso, now=minutes(begin)), resolved, minute=begin + took)
    end(sessions.start(office, cso, now=minutes(100)), Ending(outcome=SessionOutcome.NOT_SERVED), minute=101)
    sessions.start(office, cso, now=minutes(110))
    sessions.end_forgotten(now.replace(hour=17))
    figures = sessions.served_on(office, now.date())
    assert (figures.count, figures.within, figures.uncertain) == (3, 2, 1)
    assert (figures.median_minutes, figures.percent_within) == (20, 67)


def test_the_officers_median_is_rounded_up_as_the_offices_is(office, cso, resolved, end, now, minutes):
    for begin, took in ((0, 12), (30, 13)):
        end(sessions.start(office, cso, now=minutes(begin)), resolved, minute=begin + took)
    assert sessions.served_on(office, now.date()).median_minutes == 13
    assert todays_figures(office, 20, minutes(60)).median_minutes == 13


def test_a_day_without_service_has_no_figures(office, now):
    figures = sessions.served_on(office, now.date())
    assert (figures.count, figures.median_minutes, figures.percent_within) == (0, None, None)
