"""Mail written to files."""

import email
import stat
from email import policy

import pytest
from django.core.mail import EmailMessage, get_connection

from notifications.outbox import deliver_due


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "notifications.backends.EmlBackend"
    settings.OUTBOX_DIR = tmp_path / "data" / "outbox"
    return settings.OUTBOX_DIR


def test_each_message_becomes_one_private_file(folder, queued, now):
    for _ in range(3):
        queued()
    assert deliver_due(now) == 3
    files = list(folder.iterdir())
    assert {file.suffix for file in files} == {".eml"}
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_holds_the_whole_mail(folder, queued, now):
    queued(context={"number": "Ñ", "text": "Terima kasih 🙏"})
    deliver_due(now)
    (file,) = folder.iterdir()
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["Subject"] == "Nomor Ñ"
    assert read["To"] == "Budi Santoso <budi@example.com>"
    assert "Terima kasih 🙏" in read.get_body(("plain",)).get_content()


def test_files_sort_by_the_time_they_were_written(folder):
    connection = get_connection()
    for number in range(20):
        connection.send_messages([EmailMessage(str(number), to=["budi@example.com"])])
    subjects = [email.message_from_bytes(path.read_bytes())["Subject"] for path in sorted(folder.iterdir())]
    assert subjects == [str(number) for number in range(20)]
