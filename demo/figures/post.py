"""How fast one delivery run hands messages to a mail server, which is a process of its own on this machine."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import CommandError
from django.test import override_settings
from django.utils import timezone

from demo.figures.figure import Figure, milliseconds, seconds_of, statements_of
from notifications.models import Message
from notifications.outbox import MOST_PER_RUN, address, deliver_due
from offices.models import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "bench"
BODY = "Yth. Bapak/Ibu Siti Aminah,\n\n" + "Pertanyaan Bapak/Ibu masih dalam penyelesaian.\n" * 12


def post_figures() -> Iterator[Figure]:
    with mail_server():
        _write(MOST_PER_RUN)
        statements = statements_of(_deliver_all) / MOST_PER_RUN
        _write(MOST_PER_RUN)
        spent = seconds_of(_deliver_all)
        Message.objects.filter(kind=KIND).delete()
    yield Figure(
        f"kotak keluar, {MOST_PER_RUN} surel, satu proses",
        milliseconds(spent),
        f"{MOST_PER_RUN / spent:.0f}/detik",
        f"{statements:.2f}/buah",
        "100/detik",
    )


def _deliver_all() -> None:
    if (sent := deliver_due(timezone.now())) != MOST_PER_RUN:
        raise CommandError(f"kotak keluar: {sent} dari {MOST_PER_RUN}")


def _write(count: int) -> None:
    """Messages without an act, so that the broker is not asked to deliver them first."""
    Message.objects.filter(kind=KIND).delete()
    office, now = Office.objects.earliest("pk"), timezone.now()
    Message.objects.bulk_create(
        address(
            (f"Perkembangan pertanyaan {index}", BODY),
            office=office,
            kind=KIND,
            recipient=f"beban{index}@{office.slug}.invalid",
            recipient_name="Siti Aminah",
            dedupe_key=f"{KIND}:{index}",
            now=now,
        )
        for index in range(count)
    )


@contextmanager
def mail_server() -> Iterator[None]:
    command = [sys.executable, "-m", "demo.figures.sink"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sink:
        smtp = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": int(sink.stdout.readline()),  # type: ignore[union-attr]  # a pipe was asked for
            "EMAIL_USE_TLS": False,
            "EMAIL_USE_SSL": False,
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
        }
        with override_settings(**smtp):
            yield
        sink.communicate()
