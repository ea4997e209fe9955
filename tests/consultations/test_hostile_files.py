"""Files made to cost: each is judged within the limits, and nothing of its examination stays."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from config import embedded
from consultations.attachments import examine, receive
from consultations.examination.confined import MEMORY_BYTES
from consultations.examiner import BusyError, Examiner
from consultations.file_types import PDF, Refusal
from tests import hostile_files, samples
from tests.hostile_files import CATALOG, PAGE, PAGES, pdf_of, wrong_places

# Odd, but what it costs to read them is little, and they do nothing.
READABLE = frozenset(
    {
        "references to nothing",
        "wrong places",
        "a thousand lines of table that mean nothing",
        "a table of two thousand million",
        "a chain of tables without end",
        "a stream within itself",
        "a picture that unpacks to much more",
        "a picture in a hundred thousand pieces",
        "a photo with so many comments",
        "a document of 99 megabytes",
        "a tag with so many properties",
    }
)


@pytest.fixture
def examiner():
    """One of the test's own."""
    examiner = Examiner(places=2)
    yield examiner
    examiner.close()


@pytest.fixture
def helper(examiner):
    """The helper it has started."""
    before = helpers()
    with examiner.turn():
        assert examiner.examine(PDF, samples.pdf()) is PDF
    (started,) = [process for process in helpers() if process not in before]
    return started


def verdict_on(name, content):
    try:
        examine([receive(samples.upload(name, content))])
    except ValidationError as refused:
        return refused.error_list[0].code
    return "taken"


def helpers():
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "consultations.examination" in process.cmdline()
    ]


def test_every_hostile_file_is_judged_and_leaves_nothing_behind():
    verdict_on("surat.pdf", samples.pdf())
    process, (helper,) = psutil.Process(), helpers()
    before = process.memory_info().rss
    codes = {what: verdict_on(name, content) for what, name, content in hostile_files.corpus()}

    assert {what for what, code in codes.items() if code == "taken"} <= READABLE
    assert set(codes.values()) <= {"taken", "damaged", "too_large_inside", "too_costly"}
    assert process.memory_info().rss - before < 200 * 1024 * 1024  # the corpus itself, made one by one
    assert helpers() == [helper]
    assert helper.children() == []
    assert helper.memory_info().rss < 100 * 1024 * 1024


@pytest.mark.parametrize(
    ("tried", "end"),
    [
        ("while True: pass", -signal.SIGKILL),
        (f"bytearray({MEMORY_BYTES})", 1),
        ("import os; os.write(os.open('berkas', os.O_CREAT | os.O_WRONLY), b'x')", 1),
        ("print('x' * 1_000_000)", 0),
    ],
    ids=["time", "memory", "a file", "what it says"],
)
def test_an_examination_is_ended_by_the_kernel_when_it_takes_or_says_too_much(tried, end, tmp_path):
    confined = "from consultations.examination import confined; confined.CPU_SECONDS = 1; confined.confine()"
    done = subprocess.run(
        [sys.executable, "-c", f"{confined}\n{tried}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (end, b"", b"")


def test_what_scanners_write_broken_is_repaired_and_taken():
    pages = pdf_of(CATALOG, PAGES, PAGE, *([b"<</Length 0>>stream\n\nendstream"] * 500), padding=3_000_000)
    for broken in (
        wrong_places(pages),
        wrong_places(pages, shift=-3),
        pages.replace(b"startxref\n", b"startxref\n9"),
        pages.replace(b"\n%%EOF", b""),
        pages[: pages.index(b"xref\n0")] + b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        pages + b"\0" * 2_000,
    ):
        assert verdict_on("pindaian.pdf", broken) == "taken"


def test_a_helper_that_was_killed_is_started_again(examiner, helper):
    helper.kill()
    with examiner.turn():
        assert examiner.examine(PDF, samples.pdf()) is PDF
        assert examiner.examine(PDF, b"x") is Refusal.DAMAGED
    assert not helper.is_running()


def test_no_helper_outlives_whoever_asked_it(examiner, helper):
    examiner.close()
    assert not psutil.pid_exists(helper.pid)


def test_a_helper_whose_asker_was_killed_ends_by_itself(tmp_path):
    asking = (
        "import django; django.setup()\n"
        "from consultations.examiner import EXAMINER; from consultations.file_types import PDF\n"
        "import os, psutil, signal\n"
        "with EXAMINER.turn(): EXAMINER.examine(PDF, b'x')\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking], cwd=settings.BASE_DIR, capture_output=True, check=False
    )
    assert embedded.within(20, lambda: not is_alive(int(done.stdout)))


def is_alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_helper_knows_no_secret_of_the_desk(helper):
    assert set(helper.environ()) <= {"PATH", "LANG", "LC_CTYPE"}


def test_while_a_file_is_looked_at_another_waits_for_its_turn_and_not_for_long(examiner, monkeypatch):
    monkeypatch.setattr("consultations.examiner.TURN_SECONDS", 0.2)
    with ThreadPoolExecutor() as threads:
        with examiner.turn():
            waiting = threads.submit(take_turn, examiner)
            assert waiting.result() == "in vain"
        assert threads.submit(take_turn, examiner).result() == "taken"


def test_beyond_those_who_may_wait_nobody_does():
    few = Examiner(places=1)
    with ThreadPoolExecutor() as threads, few.turn():
        assert threads.submit(take_turn, few).result(timeout=5) == "in vain"


def take_turn(examiner):
    try:
        with examiner.turn():
            return "taken"
    except BusyError:
        return "in vain"


def test_of_a_file_that_takes_too_much_the_others_are_not_opened(monkeypatch):
    monkeypatch.setattr("consultations.examiner.SENDING_SECONDS", -1)
    with pytest.raises(ValidationError) as refused:
        examine([receive(samples.upload(f"{n}.pdf", samples.pdf())) for n in range(2)])
    assert {error.code for error in refused.value.error_list} == {"too_costly"}


def test_while_others_wait_a_sending_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr("consultations.attachments.EXAMINER", Examiner(places=0))
    assert verdict_on("surat.pdf", samples.pdf()) == "busy"
