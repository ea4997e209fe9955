"""Where the content of an accepted file goes, and that nothing stays of an act that failed."""

import uuid

import pytest
from django.db import DatabaseError

from consultations import actors, lifecycle
from consultations.attachments import examine, receive
from consultations.models import Attachment
from tests import samples
from tests.factories import ConsultationFactory

CONTENT = samples.image("PNG")


@pytest.fixture
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def checked(name="layar.png"):
    (file,) = examine([receive(samples.upload(name, CONTENT))])
    return file


def stored_in(store):
    return [path for path in store.rglob("*") if path.is_file()]


def test_content_is_stored_under_a_name_that_says_nothing_and_only_its_owner_may_read(store, office):
    consultation = ConsultationFactory(office=office, files=[checked("gaji Bapak Ahmad.png")])

    (path,) = stored_in(store)
    assert path.read_bytes() == CONTENT
    assert "ahmad" not in str(path).lower()
    assert path.stat().st_mode & 0o077 == 0
    attachment = Attachment.objects.get(consultation=consultation)
    assert (attachment.name, attachment.size) == ("gaji Bapak Ahmad.png", len(CONTENT))


def test_a_second_click_leaves_no_second_copy_of_the_files(store, office):
    first = ConsultationFactory(office=office, files=[checked()], submission_id=uuid.uuid4())
    again = ConsultationFactory(
        office=office,
        stakeholder=first.stakeholder,
        files=[checked()],
        submission_id=first.submission_id,
    )

    assert again == first
    assert len(stored_in(store)) == Attachment.objects.count() == 1


def test_an_act_that_fails_leaves_no_file(store, office, at, monkeypatch):
    consultation = ConsultationFactory(office=office, now=at(20))

    def fail(*_, **__):
        raise DatabaseError

    monkeypatch.setattr("consultations.ledger.rearm", fail)
    with pytest.raises(DatabaseError):
        lifecycle.message(consultation, "Terlampir.", files=[checked(), checked()], now=at(20, 11))

    assert stored_in(store) == []


def test_an_act_that_succeeds_keeps_every_file(store, office, at):
    consultation = ConsultationFactory(office=office, now=at(20), resolved=True)

    lifecycle.reopen(
        consultation, "Masih ditolak.", files=[checked(), checked()], by=actors.STAKEHOLDER, now=at(20, 11)
    )

    assert len(stored_in(store)) == consultation.attachments.count() == 2
