"""The front desk's figures: how long a call takes, and how many open boards one web process carries.

The boards are real: a web process of its own, and as many connections from here as it takes.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from django.core.management import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demo.web_process import PATIENCE, web_process
from frontdesk import calls, queue
from frontdesk.announce import announce
from frontdesk.models import Counter, QueueTicket
from offices.models import Office, Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psutil

WAITING = 200
CALLS = 50
CHANGES = 20
EVENT = b"event: changed\n"


def report(write: Callable[[str], object]) -> None:
    """Measure and write one line for each figure."""
    office = Office.objects.earliest("pk")
    milliseconds, statements = call_latency(office)
    write(f"panggil berikutnya, {WAITING} menunggu: {milliseconds:.1f} ms, {statements} pernyataan SQL")
    with web_process(WEB_WORKERS="1", WEB_STREAMS="800", WEB_STREAMS_PER_ADDRESS="800") as (server, port):
        page_milliseconds(port, "")
        process = server.children()[0]
        before = pss(process)
        with boards(port, office.slug) as lines:
            delays = [delay_to_last(lines, office) for _ in range(CHANGES)]
            page = page_milliseconds(port, office.slug)
            each = (pss(process) - before) / 1024 / len(lines)
        write(
            f"papan terbuka pada satu proses web: {len(lines)}, {each:.1f} KB tiap papan; "
            f"perubahan tiba di papan terakhir dalam {statistics.median(delays):.0f} ms "
            f"(terlama {max(delays):.0f} ms), halaman papan sementara itu {page:.1f} ms"
        )


def call_latency(office: Office) -> tuple[float, int]:
    """Median milliseconds and number of statements of one call among waiting numbers; all of it is undone."""
    now = timezone.now()
    with transaction.atomic():
        counter = Counter.objects.create(office=office, number=Counter.objects.count() + 1_000)
        officer = Staff.objects.create(office=office, username="bench", full_name="Bench")
        shift = calls.open_counter(counter, officer, now=now)
        day = office.local_date(now)
        QueueTicket.objects.on(office, day).waiting().update(wanted_counter=counter)
        category = office.categories.earliest("pk")
        for _ in range(WAITING):
            queue.issue(office, queue.Visit(category), now=now, turn_at=now)
        times = []
        for _ in range(CALLS):
            with CaptureQueriesContext(connection) as queries:
                started = time.perf_counter()
                ticket = calls.call_next(shift, now=now)
                times.append((time.perf_counter() - started) * 1000)
            assert ticket is not None  # noqa: S101 - more wait than are called
            calls.leave(ticket, now=now)
        transaction.set_rollback(True)
    return statistics.median(times), len(queries)


@contextmanager
def boards(port: int, slug: str) -> Iterator[list[socket.socket]]:
    """As many open boards as the web process takes."""
    with ExitStack() as stack:
        lines = []
        while True:
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            line.sendall(f"GET /{slug}/papan/siaran/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            if not line.recv(4096).startswith(b"HTTP/1.1 200"):
                break
            lines.append(line)
        time.sleep(1)  # whatever the opening itself still had to tell
        for line in lines:
            line.setblocking(False)
        yield lines


def delay_to_last(lines: list[socket.socket], office: Office) -> float:
    """Milliseconds from a committed change until the last board has heard of it."""
    for line in lines:
        drain(line)
    started = time.perf_counter()
    announce(office.pk)
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"{len(selector.get_map())} boards heard nothing.")
            for key, _ in ready:
                if EVENT in key.fileobj.recv(4096):  # type: ignore[union-attr]
                    selector.unregister(key.fileobj)
    spent = (time.perf_counter() - started) * 1000
    time.sleep(0.3)  # so that the next change is not told together with this one
    return spent


def drain(line: socket.socket) -> None:
    """Read away signs of life."""
    try:
        line.recv(4096)
    except BlockingIOError:
        return


def page_milliseconds(port: int, slug: str) -> float:
    """Median milliseconds of an office's board page, or of the list of offices; one visitor after the other."""
    times = []
    address = f"/{slug}/papan/" if slug else "/"
    web = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for _ in range(30):
        started = time.perf_counter()
        web.request("GET", address)
        response = web.getresponse()
        response.read()
        times.append((time.perf_counter() - started) * 1000)
        if response.status != HTTPStatus.OK:
            raise CommandError(f"{address}: {response.status}")
    web.close()
    return statistics.median(times)


def pss(process: psutil.Process) -> int:
    """The memory that is a process's own, with its share of what it shares, in bytes."""
    return int(process.memory_full_info().pss)
