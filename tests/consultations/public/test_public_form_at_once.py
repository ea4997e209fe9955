"""The public form under impatient fingers, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from consultations.models import Attachment, Consultation
from stakeholders.models import Stakeholder
from tests import samples
from tests.factories import OfficeFactory

CLICKS = 2  # with a file: as many as one web process looks at or keeps waiting
COLLEAGUES = 4


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


def test_two_clicks_at_the_same_moment_ask_one_question(form_url, answers):
    start = Barrier(CLICKS)

    def click(_):
        try:
            start.wait()
            file = samples.upload("surat.pdf", samples.pdf())
            return Client().post(form_url, answers | {"attachments": file}).url
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as pool:
        receipts = set(pool.map(click, range(CLICKS)))

    assert len(receipts) == 1
    assert Consultation.objects.count() == Stakeholder.objects.count() == Attachment.objects.count() == 1
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


def test_colleagues_who_share_a_telephone_each_get_their_own(form_url, answers):
    start = Barrier(COLLEAGUES)

    def ask(n):
        try:
            start.wait()
            own = samples.browser_work() | {"name": f"Petugas {'ABCD'[n] * 3}", "email": ""}
            return Client().post(form_url, answers | own).url
        finally:
            connection.close()

    with ThreadPoolExecutor(COLLEAGUES) as pool:
        assert len(set(pool.map(ask, range(COLLEAGUES)))) == COLLEAGUES
    assert Stakeholder.objects.count() == COLLEAGUES
