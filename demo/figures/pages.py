"""How long the hot pages take, inside the process and without a network."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.management import CommandError
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consultations.enums import Status
from consultations.forms.desk import BY_DUE
from consultations.models import Consultation
from consultations.tokens import token_of
from consultations.views.desk import PAGE_SIZE
from demo.accounts import ACCOUNTS
from demo.figures.figure import median_of
from offices.models import Office, Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consultations.models import ConsultationQuerySet
    from demo.figures.figure import Figure

COMMON_WORD = "SPM"
LINKED_NUMBER = re.compile(r"/meja/konsultasi/([A-Z]+-\d{4}-\d{6})/\"")


class Page(NamedTuple):
    """A page, how it is asked for, what its answer has to hold to be measured at all, and the aim."""

    name: str
    get: Callable[[], Any]
    holds: Callable[[str], bool]
    aim: str


def page_figures() -> Iterator[Figure]:
    """Raises CommandError when a page is not what was asked for: its figure would be another's."""
    for page in _pages():
        answer = page.get()
        if answer.status_code != 200 or not page.holds(unescape(answer.text)):  # noqa: PLR2004
            raise CommandError(f"{page.name}: {answer.status_code}, bukan yang diminta")
        yield median_of(page.name, page.get, page.aim)


def listed(text: str) -> list[str]:
    """The consultations that a page leads to, in its order."""
    return list(dict.fromkeys(LINKED_NUMBER.findall(text)))


def _numbers(consultations: ConsultationQuerySet) -> list[str]:
    return list(consultations.values_list("number", flat=True)[:PAGE_SIZE])


def _pages() -> Iterator[Page]:
    """Each page with somebody entitled to it."""
    office = Office.objects.earliest("pk")
    staff, public = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    cso = next(account for account in ACCOUNTS if account.name == "cso")
    officer = Staff.objects.get(username=cso.username(office))
    staff.force_login(officer)
    here = Consultation.objects.filter(office=office)
    handled = here.open().exclude(officer=None)
    consultation = handled.latest("received_at")
    address, form = reverse("consultation_list"), reverse("public_form", args=[office.slug])
    in_progress = here.filter(status=Status.IN_PROGRESS).order_by("due_at", "pk")
    named = Q(contact_name=consultation.contact_name)
    common = Q(question__icontains=COMMON_WORD) | Q(subject__icontains=COMMON_WORD)

    def all_are(which: Q) -> Callable[[str], bool]:
        """As many as a page holds, if there are so many, and every one of them is such a consultation."""

        def hold(text: str) -> bool:
            numbers = listed(text)
            found = here.filter(which, number__in=numbers).count()
            return 0 < found == len(numbers) == len(_numbers(here.filter(which)))

        return hold

    yield Page(
        "meja kerja",
        lambda: staff.get(reverse("desk")),
        lambda text: officer.full_name in text and bool(listed(text)),
        "15 ms",
    )
    yield Page(
        "daftar",
        lambda: staff.get(address),
        lambda text: listed(text) == _numbers(here.order_by("-received_at", "-pk")),
        "15 ms",
    )
    yield Page(
        "daftar disaring dan diurutkan",
        lambda: staff.get(address, {"status": Status.IN_PROGRESS, "urut": BY_DUE}),
        lambda text: listed(text) == _numbers(in_progress),
        "15 ms",
    )
    yield Page(
        "cari, sebuah nama",
        lambda: staff.get(address, {"cari": consultation.contact_name}),
        all_are(named),
        "15 ms",
    )
    yield Page("cari, kata umum", lambda: staff.get(address, {"cari": COMMON_WORD}), all_are(common), "25 ms")
    yield Page(
        "konsultasi",
        lambda: staff.get(consultation.get_absolute_url()),
        lambda text: consultation.number in text and consultation.question.split("\n")[0] in text,
        "14 ms",
    )
    yield Page(
        "standar pelayanan",
        lambda: public.get(office.get_absolute_url()),
        lambda text: consultation.standard.decree_number in text,
        "6 ms",
    )
    yield Page("formulir publik", lambda: public.get(form), lambda text: 'name="question"' in text, "6 ms")
    yield Page(
        "pelacakan",
        lambda: public.get(reverse("track", args=[token_of(consultation)])),
        lambda text: consultation.number in text,
        "9 ms",
    )
