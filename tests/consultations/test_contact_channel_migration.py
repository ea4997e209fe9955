"""What consultations of before the choice of a channel are brought to."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from consultations import lifecycle
from consultations.enums import ContactChannel
from consultations.models import Consultation
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db
MIGRATION = import_module("consultations.migrations.0006_settle_contact_channels")


@pytest.fixture
def migrate():
    """Run the migration as the models stood then."""
    state = MigrationExecutor(connection).loader.project_state(("consultations", "0005_contact_channel"))
    return lambda: MIGRATION.write_to_whom_has_an_address(state.apps, None)


@pytest.mark.parametrize(
    ("email", "settled"), [("siti@contoh.id", ContactChannel.EMAIL), ("", ContactChannel.PHONE)]
)
def test_news_goes_on_by_mail_to_whom_it_went_by_mail(office, migrate, email, settled):
    contact = lifecycle.Contact("Siti", "+6281234567890", email)
    consultation = ConsultationFactory(office=office, contact=contact)
    Consultation.objects.update(contact_channel=ContactChannel.PHONE)  # as the column was added
    migrate()
    consultation.refresh_from_db()
    assert consultation.contact_channel == settled
