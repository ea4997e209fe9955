import uuid

import pytest
from django.urls import reverse

from consultations.tokens import token_of
from tests import samples
from tests.factories import ConsultationFactory


@pytest.fixture(autouse=True)
def _own_files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def answers():
    """What a stakeholder without a satker fills in; each test changes what it is about."""
    return {
        "page": str(uuid.uuid4()),
        "kind": "masyarakat",
        "name": "Siti Rahma",
        "role": "Mahasiswa/Peneliti",
        "email": "siti@contoh.id",
        "phone": "0812-3456-7890",
        "category": "RETUR",
        "question": "Mengapa SP2D kami diretur oleh bank?",
        "note": "",
        **samples.browser_work(),
    }


@pytest.fixture
def form_url(office):
    return reverse("public_form", args=[office.slug])


@pytest.fixture
def opened(office):
    """`opened(resolved=True)` is a consultation of the office and the token that opens it."""

    def make(**traits):
        consultation = ConsultationFactory(office=office, **traits)
        return consultation, token_of(consultation)

    return make
