"""Files wait in quarantine until ClamAV has found them clean, whatever ClamAV does meanwhile."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from consultations import clamd
from consultations.enums import FileState
from consultations.models import Attachment
from consultations.scanning import PAUSE_AFTER_FAILURE, scan_files
from tests.clamserver import HANG, HANG_UP, VIRUS, ClamServer
from tests.factories import ConsultationFactory, paper
from tests.live import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sent(office, at):
    """`sent(b"...")` is a file of that content that came with a question; the earlier sent, the longer it waits."""
    minutes = iter(range(60))

    def sent(content=b"isi"):
        consultation = ConsultationFactory(
            office=office, now=at(20, 10, next(minutes)), files=[paper(content=content)]
        )
        return consultation.attachments.get()

    return sent


@pytest.fixture
def now(at):
    return at(20, 11)


def state_of(attachment):
    attachment.refresh_from_db()
    return attachment.state


def test_without_clamav_a_file_can_be_downloaded_at_once(sent, settings):
    assert settings.CLAMD_URL == ""
    assert state_of(sent()) == FileState.READY


def test_with_clamav_a_file_is_in_quarantine_first(clam, sent):
    assert state_of(sent()) == FileState.QUARANTINED


def test_a_clean_file_leaves_the_quarantine(clam, sent, now):
    attachment = sent(b"surat permohonan")
    assert scan_files(now) == 1
    assert state_of(attachment) == FileState.READY
    assert clam.judged == [b"surat permohonan"]


def test_each_file_is_scanned_once(clam, sent, now):
    sent()
    scan_files(now)
    assert scan_files(now) == 0
    assert len(clam.judged) == 1


def test_a_large_file_is_scanned_whole(clam, sent, now):
    content = b"x" * 5_000_000 + VIRUS
    attachment = sent(content)
    scan_files(now)
    assert clam.judged == [content]
    assert state_of(attachment) == FileState.INFECTED


def test_an_infected_file_is_withheld_and_its_content_deleted(clam, sent, now):
    attachment = sent(VIRUS)
    stored = attachment.file.name
    scan_files(now)
    assert state_of(attachment) == FileState.INFECTED
    assert attachment.finding == "Uji.Berbahaya.UNOFFICIAL"
    assert not attachment.file
    assert not default_storage.exists(stored)


def test_what_a_killed_run_left_of_an_infected_file_is_deleted_by_the_next(clam, sent, now):
    attachment = sent(VIRUS)
    stored = attachment.file.name
    Attachment.objects.update(state=FileState.INFECTED, finding="Uji", scan_at=None)
    scan_files(now)
    assert not default_storage.exists(stored)
    attachment.refresh_from_db()
    assert attachment.file.name == ""


def test_while_clamd_is_down_files_wait_and_once_it_is_up_they_are_scanned(sent, settings, now):
    port = free_port()
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
    attachment = sent()
    assert scan_files(now) == 0
    assert state_of(attachment) == FileState.QUARANTINED
    with ClamServer(port):
        scan_files(now)
    assert state_of(attachment) == FileState.READY


def test_a_clamd_that_is_not_well_is_sent_nothing(clam, sent, now):
    clam.is_well = False
    attachment = sent()
    assert scan_files(now) == 0
    assert state_of(attachment) == FileState.QUARANTINED


def test_nothing_leaves_the_quarantine_when_the_setting_is_taken_away(clam, sent, settings, now):
    attachment = sent()
    settings.CLAMD_URL = ""
    assert scan_files(now) == 0
    assert state_of(attachment) == FileState.QUARANTINED


@pytest.mark.parametrize(
    "answer",
    ["stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "", HANG, HANG_UP],
)
def test_only_clamds_own_word_makes_a_file_clean(clam, sent, now, monkeypatch, answer):
    monkeypatch.setattr(clamd, "SCAN_SECONDS", 0.2)
    attachment = sent(b"aneh")
    clam.answers[b"aneh"] = answer
    scan_files(now)
    assert state_of(attachment) == FileState.QUARANTINED


def test_a_file_beyond_clamds_limit_is_not_clean(clam, sent, now):
    clam.longest_stream = 100_000
    attachment = sent(b"x" * 4_000_000)
    scan_files(now)
    assert state_of(attachment) == FileState.QUARANTINED


@pytest.mark.parametrize("answer", ["stream: ERROR", HANG, HANG_UP])
def test_a_file_that_cannot_be_judged_is_tried_again_after_a_pause(clam, sent, now, monkeypatch, answer):
    monkeypatch.setattr(clamd, "SCAN_SECONDS", 0.2)
    attachment = sent(b"aneh")
    clam.answers[b"aneh"] = answer
    scan_files(now)
    clam.answers.clear()
    scan_files(now + PAUSE_AFTER_FAILURE - timedelta(seconds=1))
    assert state_of(attachment) == FileState.QUARANTINED
    scan_files(now + PAUSE_AFTER_FAILURE)
    assert state_of(attachment) == FileState.READY


def test_a_file_that_cannot_be_judged_holds_up_no_other(clam, sent, now):
    bad, good = sent(b"aneh"), sent(b"baik")
    clam.answers[b"aneh"] = "stream: ERROR"
    scan_files(now)
    assert (state_of(bad), state_of(good)) == (FileState.QUARANTINED, FileState.READY)


def test_a_file_clamd_is_lost_over_ends_the_run_and_the_next_run_begins_with_another(
    clam, sent, now, monkeypatch
):
    monkeypatch.setattr(clamd, "SCAN_SECONDS", 0.2)
    bad, good = sent(b"aneh"), sent(b"baik")
    clam.answers[b"aneh"] = HANG
    scan_files(now)
    assert (state_of(bad), state_of(good)) == (FileState.QUARANTINED, FileState.QUARANTINED)
    scan_files(now)
    assert (state_of(bad), state_of(good)) == (FileState.QUARANTINED, FileState.READY)


def test_a_file_the_store_has_lost_holds_up_no_other(clam, sent, now):
    lost, good = sent(b"hilang"), sent(b"baik")
    default_storage.delete(lost.file.name)
    scan_files(now)
    assert (state_of(lost), state_of(good)) == (FileState.QUARANTINED, FileState.READY)


def test_a_finding_that_could_not_be_recorded_is_found_again(clam, sent, now, monkeypatch):
    attachment = sent(VIRUS)
    with monkeypatch.context() as patched:
        patched.setattr("consultations.ledger.rearm", fail)
        scan_files(now)
    assert state_of(attachment) == FileState.QUARANTINED
    assert default_storage.exists(attachment.file.name)
    scan_files(now + PAUSE_AFTER_FAILURE)
    assert state_of(attachment) == FileState.INFECTED


def fail(*_):
    raise DatabaseError


def test_a_run_is_bounded_and_takes_what_waits_longest(clam, sent, now):
    for content in (b"satu", b"dua", b"tiga"):
        sent(content)
    assert scan_files(now, limit=2) == 2
    assert clam.judged == [b"satu", b"dua"]


def test_files_that_are_settled_cost_a_run_nothing(clam, sent, now, django_assert_num_queries):
    for content in (b"satu", b"dua", VIRUS):
        sent(content)
    scan_files(now)
    with django_assert_num_queries(2):
        scan_files(now)


def test_clamd_is_asked_over_a_socket_of_the_file_system_too(sent, settings, now, tmp_path):
    with ClamServer(path=tmp_path / "clamd.ctl") as clam:
        settings.CLAMD_URL = clam.url
        attachment = sent(b"isi")
        scan_files(now)
    assert clam.judged == [b"isi"]
    assert state_of(attachment) == FileState.READY
