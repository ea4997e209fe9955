"""How long the hot pages take, inside the process and without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from consultations.models import Consultation
from consultations.tokens import token_of
from demo.accounts import ACCOUNTS
from demo.figures.figure import median_of
from offices.models import Office, Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.figures.figure import Figure


def page_figures() -> Iterator[Figure]:
    for name, call, aim in _requests():
        yield median_of(name, _answered(name, call), aim)


def _answered(name: str, call: Callable[[], Any]) -> Callable[[], None]:
    def answered() -> None:
        status = call().status_code
        if status != 200:  # noqa: PLR2004
            raise CommandError(f"{name}: {status}")

    return answered


def _requests() -> Iterator[tuple[str, Callable[[], Any], str]]:
    """Each page with somebody entitled to it, and its aim."""
    office = Office.objects.earliest("pk")
    staff, public = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    officer = next(account for account in ACCOUNTS if account.name == "cso")
    staff.force_login(Staff.objects.get(username=officer.username(office)))
    consultation = (
        Consultation.objects.filter(office=office).open().exclude(officer=None).latest("received_at")
    )
    listed, form = reverse("consultation_list"), reverse("public_form", args=[office.slug])
    yield "meja kerja", lambda: staff.get(reverse("desk")), "15 ms"
    yield "daftar", lambda: staff.get(listed), "15 ms"
    yield (
        "daftar disaring dan diurutkan",
        lambda: staff.get(listed, {"status": "in_progress", "sort": "latest"}),
        "15 ms",
    )
    yield "cari, kata jarang", lambda: staff.get(listed, {"q": "mahasiswa registernya"}), "15 ms"
    yield "cari, kata umum", lambda: staff.get(listed, {"q": "SPM"}), "25 ms"
    yield "konsultasi", lambda: staff.get(consultation.get_absolute_url()), "14 ms"
    yield "standar pelayanan", lambda: public.get(office.get_absolute_url()), "6 ms"
    yield "formulir publik", lambda: public.get(form), "6 ms"
    yield "pelacakan", lambda: public.get(reverse("track", args=[token_of(consultation)])), "9 ms"
