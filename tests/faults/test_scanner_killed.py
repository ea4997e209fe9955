"""A worker killed with -9 while ClamAV judges a file: the next one settles it, and everybody is told once."""

import pytest
from django.db.models import F

from consultations.enums import Act, FileState
from consultations.models import Attachment
from consultations.scanning import LONGEST_RUN
from notifications.models import Notice
from tests.clamserver import VIRUS, ClamServer
from tests.factories import ConsultationFactory, paper

pytestmark = pytest.mark.faults


@pytest.fixture
def clam(settings, prepared_fleet):
    settings.MEDIA_ROOT = prepared_fleet.data_dir / "uploads"
    with ClamServer() as server:
        settings.CLAMD_URL = server.url
        yield server


def test_a_file_whose_scan_was_cut_short_is_settled_once_by_the_next(fleet, office, cso, acts, clam):
    ConsultationFactory(office=office, officer=cso, files=[paper(content=VIRUS)])
    clam.may_answer.clear()
    worker = fleet.start("worker", CLAMD_URL=clam.url)
    fleet.start("beat")
    fleet.until(lambda: clam.judged, "clamd has the file and has not answered")
    fleet.kill(worker)
    clam.may_answer.set()
    assert Attachment.objects.get().state == FileState.QUARANTINED
    Attachment.objects.update(scan_at=F("scan_at") - LONGEST_RUN)  # so long later
    fleet.start("worker", CLAMD_URL=clam.url)
    fleet.start("beat")
    fleet.until(lambda: not Attachment.objects.exclude(file="").exists(), "the content is deleted")
    assert Attachment.objects.get().state == FileState.INFECTED
    assert acts(Act.WITHHOLD_FILE).count() == 1
    assert Notice.objects.filter(recipient=cso, title="Berkas ditahan: koran.pdf").count() == 1
