"""Redis gone, or silent, for a while: people notice nothing, and messages leave when it is back."""

from collections import Counter

import pytest

from config import embedded
from consultations.enums import Act, Status
from consultations.models import Consultation
from notifications.enums import MessageStatus
from notifications.models import Message
from tests.factories import PASSWORD, ConsultationFactory
from tests.faults.fleet import Visitor, question

pytestmark = pytest.mark.faults
FORMS = 3


def killed(broker):
    broker.kill()
    broker.wait()


def silenced(broker):
    """It takes connections and answers none of them."""
    broker.suspend()


@pytest.mark.parametrize("strike", [killed, silenced])
def test_forms_and_acts_are_stored_while_the_broker_is_away_and_their_messages_leave_when_it_is_back(
    fleet, office, cso, mail, all_left, strike
):
    asked = ConsultationFactory(office=office)
    for kind in ("web", "worker", "beat"):
        fleet.start(kind)
    fleet.until_web_answers()
    all_left()
    officer, citizen = Visitor(fleet.port), Visitor(fleet.port)
    assert officer.send("/masuk/", {"username": cso.username, "password": PASSWORD}).status == 302
    broker = fleet.service(embedded.VALKEY)

    strike(broker)
    answers = [ask(citizen, office) for _ in range(FORMS)]
    answers += [act(officer, asked, "tangani"), act(officer, asked, "balas", text="Sedang kami periksa.")]
    waiting = Message.objects.filter(status=MessageStatus.QUEUED).count()

    assert [answer.status for answer in answers] == [302] * (FORMS + 2)
    assert max(answer.seconds for answer in answers) < 20
    assert Consultation.objects.filter(office=office).count() == FORMS + 1
    asked.refresh_from_db()
    assert (asked.status, asked.entries.filter(act=Act.REPLY).count()) == (Status.IN_PROGRESS, 1)
    assert waiting > FORMS

    fleet.start_services()
    all_left()
    stored = Message.objects.filter(status=MessageStatus.SENT).values_list("provider_id", flat=True)
    assert Counter(each.id for each in mail.received) == Counter(stored)
    assert citizen.get(answers[0].location).status == 200


def ask(citizen, office):
    form = f"/{office.slug}/konsultasi/"
    return citizen.send(form, question())


def act(officer, consultation, path, **typed):
    page = f"/meja/konsultasi/{consultation.number}/"
    return officer.send(f"{page}{path}/", typed, found_on=page)
