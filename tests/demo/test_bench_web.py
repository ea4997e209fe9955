"""The figures over HTTP are those of pages that answer and of questions that are recorded."""

import pytest
from django.core.management import CommandError
from django.db import connection

from consultations.models import Attachment, Consultation, HeldSubmission
from demo.figures import web
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, SatkerFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 4


@pytest.fixture
def port(live_server, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT, settings.TRUSTED_PROXIES = tmp_path, 1
    monkeypatch.setattr(web, "WARM_UP", 2)
    office = OfficeFactory()
    SatkerFactory()
    cso = StaffFactory(office=office, role=Role.CSO)
    for _ in range(COUNT):
        ConsultationFactory(office=office, taken=True, officer=cso)
    return live_server.thread.port


def test_what_is_sent_is_recorded_and_nothing_is_left_to_deliver(port):
    lines = list(web.public_lines(port, COUNT))

    assert [name for name, *_ in lines] == [
        "formulir publik",
        "kiriman tanpa berkas",
        "kiriman dengan satu PDF",
        "pelacakan",
        "standar pelayanan",
    ]
    assert Consultation.objects.filter(contact_name="Siti Aminah").count() == 2 * COUNT
    assert Attachment.objects.count() == COUNT
    assert not Message.objects.filter(recipient__endswith=web.DOMAIN).exists()


def test_a_sending_that_is_held_is_no_figure(port, monkeypatch):
    monkeypatch.setattr(web, "SAID", web.SAID | {"note": "diisi program"})

    with pytest.raises(CommandError, match="tertahan"):
        list(web.public_lines(port, COUNT))
    assert HeldSubmission.objects.exists()


def test_a_refused_request_is_no_figure(port, monkeypatch):
    monkeypatch.setattr(web, "SAID", web.SAID | {"question": ""})

    with pytest.raises(CommandError, match="422"):
        list(web.public_lines(port, COUNT))


def test_the_floor_inserts_a_row_and_reads_it(client, settings):
    settings.ROOT_URLCONF, settings.MIDDLEWARE = "demo.floor.urls", []

    with web.floor_table():
        inserted = client.post("/", web.SAID | {"email": "siti@contoh.id"})
        assert "data supplier" in client.get(inserted.url).content.decode()
    assert "bench_floor" not in connection.introspection.table_names()
