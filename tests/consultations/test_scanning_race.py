"""Several scans at once, acts meanwhile, and a worker that is woken, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from celery import current_app
from django.db import connection, transaction

from config.embedded import within
from consultations import lifecycle
from consultations.enums import Act, FileState
from consultations.models import Attachment, Consultation, Entry
from consultations.scanning import LONGEST_RUN, scan_files
from notifications.models import Notice
from offices.enums import Role
from tests.clamserver import VIRUS
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory, paper

pytestmark = pytest.mark.django_db(transaction=True)
SCAN = "consultations.tasks.scan_files"


@pytest.fixture
def office(transactional_db):
    return OfficeFactory()


@pytest.fixture
def cso(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def on_its_own_connection(call, *args):
    try:
        return call(*args)
    finally:
        connection.close()


def test_scans_at_once_take_each_file_once(clam, office, cso, at, pool):
    contents = [VIRUS + b"%d" % n if n % 4 == 0 else b"bersih %d" % n for n in range(20)]
    ConsultationFactory(
        office=office, officer=cso, now=at(20), files=[paper(content=each) for each in contents]
    )
    start = Barrier(4)

    def scan():
        start.wait()
        return scan_files(at(20))

    runs = [pool.submit(on_its_own_connection, scan) for _ in range(4)]
    assert sum(run.result() for run in runs) == 20
    assert sorted(clam.judged) == sorted(contents)
    assert Attachment.objects.filter(state=FileState.INFECTED, file="").count() == 5
    assert Attachment.objects.filter(state=FileState.READY).count() == 15
    assert Entry.objects.filter(act=Act.WITHHOLD_FILE).count() == 5
    assert Notice.objects.filter(recipient=cso, title__startswith="Berkas ditahan").count() == 5


def test_a_scan_under_way_holds_up_no_act(clam, office, at, pool):
    consultation = ConsultationFactory(office=office, now=at(20), files=[paper(content=VIRUS)])
    clam.may_answer.clear()
    run = pool.submit(on_its_own_connection, scan_files, at(20))
    assert within(10, lambda: clam.judged)
    lifecycle.message(consultation, "Ada tambahan.", now=at(20, 11))
    assert not run.done()
    clam.may_answer.set()
    assert run.result() == 1
    assert Attachment.objects.get().state == FileState.INFECTED


def test_while_clamd_judges_a_file_no_row_is_locked(clam, office, at, pool):
    consultation = ConsultationFactory(office=office, now=at(20), files=[paper(content=VIRUS)])
    clam.may_answer.clear()
    run = pool.submit(on_its_own_connection, scan_files, at(20))
    assert within(10, lambda: clam.judged)
    with transaction.atomic():
        Attachment.objects.select_for_update(nowait=True).get()
        Consultation.objects.select_for_update(nowait=True).get(pk=consultation.pk)
    assert scan_files(at(20)) == 0  # another run leaves it alone
    clam.may_answer.set()
    assert run.result() == 1


def test_what_two_runs_judged_is_settled_once(clam, office, cso, at, pool):
    ConsultationFactory(office=office, officer=cso, now=at(20), files=[paper(content=VIRUS)])
    clam.may_answer.clear()
    runs = [pool.submit(on_its_own_connection, scan_files, at(20, 10))]
    assert within(10, lambda: len(clam.judged) == 1)
    runs.append(pool.submit(on_its_own_connection, scan_files, at(20, 10) + LONGEST_RUN))
    assert within(10, lambda: len(clam.judged) == 2)
    clam.may_answer.set()
    assert [run.result() for run in runs] == [1, 1]
    assert Entry.objects.filter(act=Act.WITHHOLD_FILE).count() == 1
    assert Notice.objects.filter(recipient=cso, title__startswith="Berkas ditahan").count() == 1


def test_the_worker_is_woken_once_the_files_are_stored(clam, office, at, published):
    with transaction.atomic():
        ConsultationFactory(office=office, now=at(20), files=[paper()])
        assert published == []
    assert SCAN in published
    current_app.loader.import_default_modules()
    assert SCAN in current_app.tasks


def test_without_clamav_no_scan_is_asked_for(office, at, published, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ConsultationFactory(office=office, now=at(20), files=[paper()])
    assert SCAN not in published
