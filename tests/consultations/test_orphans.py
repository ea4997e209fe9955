"""Files that no row names are deleted, and no others."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from consultations import orphans
from consultations.models import Attachment, HeldFile
from consultations.orphans import forget_orphans
from tests.factories import ConsultationFactory, HeldSubmissionFactory, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def age(days):
    then = (timezone.now() - timedelta(days=days)).timestamp()
    for folder, _, names in os.walk(default_storage.location):
        for name in names:
            os.utime(f"{folder}/{name}", (then, then))


def stored(office):
    return {f"{office.slug}/{name}" for name in default_storage.listdir(office.slug)[1]}


def test_what_a_failed_transaction_left_is_deleted_after_a_week(office):
    with transaction.atomic():
        ConsultationFactory(office=office, files=[paper()])
        transaction.set_rollback(True)
    assert len(stored(office)) == 1
    age(days=6)
    assert forget_orphans(timezone.now()) == 0
    age(days=8)
    assert forget_orphans(timezone.now()) == 1
    assert stored(office) == set()


def test_files_of_consultations_and_of_held_sendings_stay(office):
    ConsultationFactory(office=office, files=[paper()])
    HeldSubmissionFactory(office=office, files=[paper("foto.jpg")])
    default_storage.save(f"{office.slug}/yatim", ContentFile(b"isi"))
    age(days=8)
    assert forget_orphans(timezone.now()) == 1
    assert stored(office) == {Attachment.objects.get().file.name, HeldFile.objects.get().file.name}


def test_under_a_database_that_does_not_know_the_files_nothing_is_deleted(office, caplog):
    for number in range(orphans.FEW + 1):
        default_storage.save(f"{office.slug}/{number}", ContentFile(b"isi"))
    age(days=8)
    assert forget_orphans(timezone.now()) == 0
    assert len(stored(office)) == orphans.FEW + 1
    assert "none is deleted" in caplog.text


def test_an_office_without_files_has_none_to_delete(office):
    assert forget_orphans(timezone.now()) == 0
