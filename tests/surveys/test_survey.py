"""The nine elements: anonymous, once for each invitation."""

import re
import uuid
from datetime import date

import pytest
from django.core import mail
from django.forms import model_to_dict
from django.urls import reverse

from consultations.invitations import survey_url
from consultations.sweep import sweep
from notifications.outbox import deliver_due
from surveys.enums import SurveySource
from surveys.models import SurveyResponse, UsedInvitation
from surveys.services import respond
from tests.factories import ConsultationFactory, OfficeFactory


@pytest.fixture
def address(office):
    return reverse("survey", args=[office.slug])


@pytest.fixture
def filled(answers):
    return {**answers, "page": str(uuid.uuid4())}


@pytest.fixture
def resolved(office, cso, at):
    return ConsultationFactory(office=office, officer=cso, now=at(20), resolved=True)


@pytest.fixture
def invitation(resolved, settings):
    return survey_url(resolved).removeprefix(settings.SITE_URL)


def test_the_code_at_the_counter_leads_to_nine_questions(client, address):
    response = client.get(address)
    assert response.text.count("<legend") >= 9


def test_the_posters_code_is_scaled_whole_to_the_size_it_is_printed_in(client, cso):
    client.force_login(cso)
    assert re.search(r'<svg viewBox="0 0 (\d+) \1" class="segno">', client.get(reverse("survey_poster")).text)


def test_a_response_keeps_the_day_and_the_answers_alone(client, address, filled, office):
    client.post(address, filled)
    response = SurveyResponse.objects.get()
    assert response.office == office
    assert response.source == SurveySource.POSTER
    assert isinstance(response.on, date)
    assert model_to_dict(response).keys().isdisjoint({"consultation", "stakeholder", "at"})


def test_sending_the_same_page_twice_counts_once(client, address, filled):
    for _ in range(2):
        response = client.post(address, filled, follow=True)
        assert "Terima kasih" in response.text
    assert SurveyResponse.objects.count() == 1


def test_an_unanswered_element_is_pointed_at_and_the_rest_is_kept(client, address, filled):
    del filled["conduct"]
    response = client.post(address, {**filled, "suggestion": "Tambah kursi."})
    assert response.status_code == 422
    assert (
        ">Apakah petugas melayani dengan sopan dan ramah? Silakan pilih salah satu jawaban.</a>"
        in response.text
    )
    assert "Tambah kursi." in response.text
    assert not SurveyResponse.objects.exists()


def test_an_invitation_is_answered_once(client, invitation, filled, address):
    client.post(invitation, filled)
    response = client.get(invitation)
    assert response.url == reverse("survey_thanks", args=[address.strip("/").split("/")[0]])
    client.post(invitation, {**filled, "page": str(uuid.uuid4())})
    assert SurveyResponse.objects.get().source == SurveySource.INVITATION


def test_nothing_stored_leads_from_a_response_to_its_consultation(client, invitation, filled, resolved):
    client.post(invitation, filled)
    used = UsedInvitation.objects.get()
    assert str(resolved.public_id) not in used.key_hash
    assert used.key_hash not in invitation


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAAAAAAA.BBBB", "a" * 500])
def test_an_invitation_that_was_not_issued_opens_nothing(client, address, token):
    assert client.get(f"{address}{token}/").status_code == 404


def test_an_invitation_of_one_office_opens_nothing_at_another(client, invitation, office):
    other = OfficeFactory()
    assert client.get(invitation.replace(office.slug, other.slug, 1)).status_code == 404


def test_the_closing_message_invites(resolved, invitation, at):
    closes = resolved.timers.get(kind="auto_close").fires_at
    sweep(closes)
    deliver_due(closes)
    assert invitation in mail.outbox[-1].body


def test_an_answer_outside_the_scale_is_refused_by_the_database(office, answers, at):
    with pytest.raises(Exception, match="survey_cost_known"):
        respond(office, {**answers, "cost": 5}, source=SurveySource.POSTER, key="x", now=at(20))


def test_what_nobody_asked_to_know_may_be_left_out(client, address, filled):
    client.post(address, {**filled, "gender": "perempuan"})
    response = SurveyResponse.objects.get()
    assert (response.gender, response.education, response.category) == ("perempuan", "", None)
