"""`make bench` measures the real thing, and leaves it as it found it."""

import pytest

from consultations.models import Consultation, Entry, Timer
from demo.figures.clock import clock_figures
from demo.figures.post import post_figures
from notifications.models import Message
from tests.factories import ConsultationFactory


@pytest.fixture
def consultations(office, cso, at):
    return [ConsultationFactory(office=office, now=at(20), officer=cso) for _ in range(4)]


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Consultation, Entry, Timer, Message)]


@pytest.mark.django_db
def test_the_clock_is_measured_and_put_back(consultations):
    before = rows()
    idle_few, idle, deadlines, mixed = clock_figures()
    assert idle_few.statements == idle.statements == "3"  # with the savepoint around it
    assert "20 pengingat tersimpan" in idle.name
    assert deadlines.rate.endswith("/detik")
    assert mixed.name.startswith("sapuan, 1 %")
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_the_outbox_is_measured_through_a_real_socket(office, monkeypatch):
    monkeypatch.setattr("demo.figures.post.MOST_PER_RUN", 3)
    (figure,) = post_figures()
    assert figure.name == "kotak keluar, 3 surel, satu proses"
    assert not Message.objects.exists()
