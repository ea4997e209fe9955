"""`make bench` measures the real thing, and leaves it as it found it."""

from datetime import UTC, datetime

import pytest

from consultations.models import Consultation, Entry, Timer
from demo.figures.clock import clock_figures
from demo.figures.post import post_figures
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def consultations(db):
    cso = StaffFactory(office=OfficeFactory(), role=Role.CSO)
    return [ConsultationFactory(office=cso.office, now=FRIDAY, officer=cso) for _ in range(4)]


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Consultation, Entry, Timer, Message)]


def test_the_clock_is_measured_and_put_back(consultations):
    before = rows()
    idle_few, idle, deadlines, mixed = clock_figures()
    assert idle_few.statements == idle.statements == "3"  # with the savepoint around it
    assert "20 pengingat tersimpan" in idle.name
    assert deadlines.rate.endswith("/detik")
    assert mixed.name.startswith("sapuan, 1 %")
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_the_outbox_is_measured_through_a_real_socket(monkeypatch):
    OfficeFactory()
    monkeypatch.setattr("demo.figures.post.MOST_PER_RUN", 3)
    (figure,) = post_figures()
    assert figure.name == "kotak keluar, 3 surel, satu proses"
    assert not Message.objects.exists()
