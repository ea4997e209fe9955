from datetime import UTC, datetime

import pytest

from tests.factories import OfficeFactory, SatkerFactory


@pytest.fixture
def now():
    return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def mataram(db):
    return OfficeFactory(empty=True)


@pytest.fixture
def tanjung_selor(db):
    return OfficeFactory(empty=True)


@pytest.fixture
def university(db):
    return SatkerFactory(code="023704", name="UNIVERSITAS MATARAM")


@pytest.fixture
def police(db):
    return SatkerFactory(code="060703", name="KEPOLISIAN RESOR KOTA MATARAM")
