"""With 100,000 consultations stored, the hot pages and the sweep still answer from indexes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.models import Consultation, Timer
from consultations.my_consultations import list_token, send_list_link
from consultations.sweep import sweep
from consultations.tokens import token_of
from offices.enums import Role
from tests.factories import ConsultationFactory, StaffFactory
from tests.plans import copy, scans_of_big_tables, settle

pytestmark = pytest.mark.django_db
STORED = 100_000


@pytest.fixture
def full_office(office, cso, at):
    """One open consultation in a hundred, the others closed; every open one with its timers."""
    ConsultationFactory(office=office, now=at(20), officer=cso)
    copy(
        "consultations_consultation",
        f"generate_series(2, {STORED}) AS n",
        number="'XX-' || n",
        public_id="gen_random_uuid()",
        token_hash="md5('a' || n) || md5('b' || n)",
        status="CASE WHEN n % 100 = 0 THEN 'in_progress' ELSE 'closed' END",
        resolved_at="received_at",
        contact_email="'Siti' || n || '@contoh.id'",
        contact_phone="'+6281' || n",
        ended_at="CASE WHEN n % 100 = 0 THEN NULL ELSE received_at END",
        received_at="received_at - n * interval '5 minutes'",
    )
    copies = (
        "(SELECT id AS n, number AS name FROM consultations_consultation WHERE number LIKE 'XX-%') AS every"
    )
    copy(
        "consultations_timer",
        copies,
        where="t.kind = 'deadline'",
        consultation_id="n",
        fired_at="CASE WHEN n % 100 = 0 THEN NULL ELSE t.fires_at END",
    )
    copy("consultations_entry", copies, where="t.act = 'open'", consultation_id="n")
    copy("notifications_message", copies, reference="name", dedupe_key="name")
    settle()
    return office


def test_pages_and_sweep_read_no_big_table_from_end_to_end(full_office, cso, client, at, time_machine):
    time_machine.move_to(at(20, 11))
    assert Consultation.objects.count() == STORED
    head = StaffFactory(office=full_office, role=Role.UNIT_HEAD, unit=full_office.units.get(code="BANK"))
    listed, consultation = reverse("consultation_list"), Consultation.objects.earliest("pk")
    for reader, url in (
        (cso, reverse("desk")),
        (cso, listed),
        (cso, f"{listed}?status=closed"),
        (cso, f"{listed}?kabar=on"),
        (cso, consultation.get_absolute_url()),
        (cso, reverse("message_list")),
        (head, reverse("escalation_inbox")),
        (head, reverse("track", args=[token_of(consultation)])),
        *(
            (head, reverse("my_consultations", args=[list_token(consultation, contact, at(20, 11))]))
            for contact in (consultation.contact_email, consultation.contact_phone)
        ),
    ):
        client.force_login(reader)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert scans_of_big_tables(queries) == [], url
    with CaptureQueriesContext(connection) as queries:
        send_list_link(consultation.contact_email, now=at(20, 11))
    assert scans_of_big_tables(queries) == []
    Timer.objects.unfired().filter(pk__in=Timer.objects.unfired()[:300]).update(
        fires_at=at(20), sweep_at=at(20)
    )
    with CaptureQueriesContext(connection) as queries:
        assert sweep(at(20, 11)) == 300
    assert scans_of_big_tables(queries) == []
