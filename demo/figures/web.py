"""How fast the public side answers over HTTP, and beside it the floor: the least Django can do, served the same way.

The web server is the desk's own with its two processes, kept busy by clients with one connection each. What they send is
recorded as a visitor's question would be. Every sending comes from an address of its own, which the server believes as
it believes its proxy in production; so the limits let all of them through.
"""

from __future__ import annotations

import re
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from html import unescape
from http import HTTPStatus
from http.client import HTTPConnection
from io import BytesIO
from ipaddress import IPv4Address
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve, reverse

from consultations import proof
from consultations.models import Consultation
from consultations.tokens import token_of
from demo.figures.figure import milliseconds
from demo.floor.urls import Row
from demo.web_process import PATIENCE, web_process
from notifications.models import Message
from offices.models import Office
from stakeholders.enums import StakeholderKind
from stakeholders.models import Satker
from throttle.models import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message as Headers

CLIENTS = 2
WARM_UP = 20
REQUESTS = 200
WEB_HEADINGS = (f"lewat HTTP, {CLIENTS} klien bersamaan", "p50", "p95", "laju", "sasaran")
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"
DOMAIN = "pengunjung.invalid"
SAID = {
    "name": "Siti Aminah",
    "question": "SPM kami ditolak karena data supplier tidak sama dengan rekening pada SAKTI. " * 6,
}
Line = tuple[str, ...]


class Request(NamedTuple):
    """As http.client takes it."""

    method: str
    address: str
    body: bytes | str | None
    headers: dict[str, str]


class Answer(NamedTuple):
    seconds: float
    status: int
    headers: Headers
    text: str

    @property
    def location(self) -> str:
        return self.headers["Location"]


class Measured(NamedTuple):
    """A line of the table, and what was answered."""

    line: Line
    answers: list[Answer]


def web_figures() -> Iterator[Line]:
    with web_process(TRUSTED_PROXIES="1", QUESTIONS_PER_OFFICE="1000000") as (_, port):
        yield from public_lines(port, REQUESTS)
    with floor_table(), web_process("demo.floor.wsgi") as (_, port):
        yield from floor_lines(port, REQUESTS)


def public_lines(port: int, count: int) -> Iterator[Line]:
    """The form, sendings of it, the tracking page and the office's page, so many times each."""
    measured = partial(_measured, port)
    office = Office.objects.earliest("pk")
    form = reverse("public_form", args=[office.slug])
    opened = measured("formulir publik", [_get(form)] * 2 * count, "6 ms")
    yield opened.line
    Bucket.objects.all().delete()  # an earlier run's
    time.sleep(proof.YOUNGEST.total_seconds())
    satkers = cycle(Satker.objects.all())
    for name, pages, file in (
        ("kiriman tanpa berkas", opened.answers[:count], None),
        ("kiriman dengan satu PDF", opened.answers[count:], _pdf()),
    ):
        sent = measured(name, [_sending(form, page, next(satkers), file) for page in pages], "9 ms")
        if {resolve(receipt.location).url_name for receipt in sent.answers} != {"public_receipt"}:
            raise CommandError(f"{name}: tertahan")
        yield sent.line
    Message.objects.filter(recipient__endswith=DOMAIN).delete()  # the outbox is measured without them
    followed = Consultation.objects.filter(office=office).open().exclude(officer=None)[:count]
    tracked = [_get(reverse("track", args=[token_of(each)])) for each in followed]
    read = measured("pelacakan", tracked, "9 ms")
    _insist(read, {each.number for each in followed})
    yield read.line
    shown = measured("standar pelayanan", [_get(office.get_absolute_url())] * count, "6 ms")
    _insist(shown, {office.full_name})
    yield shown.line


def floor_lines(port: int, count: int) -> Iterator[Line]:
    body = urlencode({"email": f"siti@{DOMAIN}", **SAID})
    insertion = Request("POST", "/", body, {"Content-Type": FORM})
    inserted = _measured(port, "dasar: satu baris disisipkan", [insertion] * count)
    yield inserted.line
    read = _measured(port, "dasar: satu baris dibaca", [_get(row.location) for row in inserted.answers])
    _insist(read, {SAID["name"]})
    yield read.line


def _insist(measured: Measured, words: set[str]) -> None:
    """Raises CommandError unless each answer holds one of these, and all of them are held by some answer."""
    held = [{each for each in words if each in unescape(answer.text)} for answer in measured.answers]
    if not all(held) or set().union(*held) != words:
        raise CommandError(f"{measured.line[0]}: bukan yang diminta")


def _get(address: str) -> Request:
    return Request("GET", address, None, {})


def _sending(form: str, page: Answer, satker: Satker, file: bytes | None) -> Request:
    """What a visitor's browser sends of a form that it opened, with its work done."""
    fields = dict(HIDDEN.findall(page.text))
    challenge = proof.Challenge.read(fields["challenge"])
    assert challenge is not None  # noqa: S101 - the server's secret is ours
    said = {
        **fields,
        **SAID,
        "solution": next(filter(challenge.is_solved_by, map(str, range(challenge.tries)))),
        "kind": StakeholderKind.SATKER,
        "satker_code": satker.code,
        "satker_name": satker.name,
        "email": f"{secrets.token_hex(8)}@{DOMAIN}",
        "category": "RETUR",
        "attachments": SimpleUploadedFile("surat.pdf", file) if file else [],
    }
    headers = {
        "Content-Type": MULTIPART_CONTENT,
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        "X-Forwarded-For": str(IPv4Address(secrets.randbits(32))),
    }
    return Request("POST", form, encode_multipart(BOUNDARY, said), headers)


def _pdf() -> bytes:
    content = BytesIO()
    segno.make("Surat pengantar").save(content, kind="pdf")
    return content.getvalue()


@contextmanager
def floor_table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Row)


def _measured(port: int, name: str, requests: Sequence[Request], aim: str = "") -> Measured:
    """Raises CommandError unless every request was answered with a page or a redirect."""
    warm_up = _answers(port, requests[:WARM_UP])
    started = time.perf_counter()
    measured = _answers(port, requests[WARM_UP:])
    rate = len(measured) / (time.perf_counter() - started)
    if failed := {answer.status for answer in (*warm_up, *measured)} - {HTTPStatus.OK, HTTPStatus.FOUND}:
        raise CommandError(f"{name}: {failed}")
    spent = [answer.seconds for answer in measured]
    p50, p95 = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    line = (name, milliseconds(p50), milliseconds(p95), f"{rate:.0f}/detik", aim)
    return Measured(line, [*warm_up, *measured])


def _answers(port: int, requests: Sequence[Request]) -> list[Answer]:
    """All clients at once, each with its share."""
    shares = [requests[client::CLIENTS] for client in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        return [answer for answers in pool.map(partial(_one_client, port), shares) for answer in answers]


def _one_client(port: int, requests: Sequence[Request]) -> list[Answer]:
    answers = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as web:
        for request in requests:
            started = time.perf_counter()
            web.request(*request)
            response = web.getresponse()
            text = response.read().decode()
            answers.append(Answer(time.perf_counter() - started, response.status, response.headers, text))
    return answers
