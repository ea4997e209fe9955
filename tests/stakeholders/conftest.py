from datetime import UTC, datetime

import pytest

from offices.models import Office
from stakeholders.models import Satker


@pytest.fixture
def now():
    return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def mataram(db):
    return Office.objects.create(slug="mataram-uji", number_prefix="MTU", name="KPPN Mataram")


@pytest.fixture
def tanjung_selor(db):
    return Office.objects.create(slug="tanjung-selor-uji", number_prefix="TSU", name="KPPN Tanjung Selor")


@pytest.fixture
def university(db):
    return Satker.objects.create(code="023704", name="UNIVERSITAS MATARAM")


@pytest.fixture
def police(db):
    return Satker.objects.create(code="060703", name="KEPOLISIAN RESOR KOTA MATARAM")
