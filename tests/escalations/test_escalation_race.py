"""Two at once, on real connections: one wins, and nobody is told twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from consultations import actors, lifecycle
from consultations.enums import Act
from consultations.errors import RuleError
from consultations.models import Consultation, Entry
from escalations import services
from escalations.models import Escalation
from notifications.models import Message
from offices.enums import AppointmentKind, Role
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


def at_once(*calls):
    """Run the calls in threads that start together; each answers its result or what it raised."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refused(results):
    return [result for result in results if isinstance(result, RuleError)]


@pytest.fixture
def heads(office, bank, bank_head):
    stand_in = StaffFactory(office=office, role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH)
    return [actors.head(bank_head, "Kepala Seksi Bank"), actors.head(stand_in, "Plh. Kepala Seksi Bank")]


def test_of_a_head_and_the_stand_in_who_answer_at_once_one_wins(escalation, heads, cso, at):
    results = at_once(
        *(
            lambda by=by: services.answer(escalation, f"Kata {by.title}", by=by, now=at(20, 13))
            for by in heads
        )
    )
    assert [str(error) for error in refused(results)] == ["Eskalasi ini sudah berakhir: Dijawab."]
    escalation.refresh_from_db()
    entry = Entry.objects.get(act=Act.ANSWER_ESCALATION)
    assert escalation.answer == entry.text == f"Kata {entry.actor_label}"
    assert Message.objects.filter(kind="escalation_answered", recipient=cso.email).count() == 1


def test_an_answer_and_a_forwarding_at_once_leave_one_outcome(escalation, heads, treasury, at):
    results = at_once(
        lambda: services.answer(escalation, "Boleh.", by=heads[0], now=at(20, 13)),
        lambda: services.forward(escalation, treasury, "Ke sana.", by=heads[1], now=at(20, 13)),
    )
    assert len(refused(results)) == 1
    escalation.refresh_from_db()
    assert Escalation.objects.open().count() == (escalation.status == "forwarded")


def test_an_answer_and_a_resolving_at_once_never_leave_an_open_question(
    consultation, escalation, heads, officer, at
):
    at_once(
        lambda: services.answer(escalation, "Boleh.", by=heads[0], now=at(20, 13)),
        lambda: lifecycle.resolve(consultation, "Rekening harus aktif.", by=officer, now=at(20, 13)),
    )
    assert Consultation.objects.get().status == "resolved"
    assert not Escalation.objects.open().exists()


def test_two_officers_who_escalate_at_once_ask_once(office, consultation, bank, bank_head, at):
    officers = [actors.officer(StaffFactory(office=office, role=Role.CSO)) for _ in range(2)]
    results = at_once(
        *(
            lambda by=by: services.escalate(consultation, bank, "Mohon arahan.", by=by, now=at(20, 13))
            for by in officers
        )
    )
    assert len(refused(results)) == 1
    assert Escalation.objects.count() == 1
    assert Message.objects.filter(kind="escalation_asked").count() == 1
