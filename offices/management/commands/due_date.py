"""Print when an answer is due, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from offices.calendar import due_moment, explain_due
from offices.calendars import calendar_of
from offices.models import Holiday, Office, ServiceStandard

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Mencetak batas waktu jawaban suatu pertanyaan: baris pertama waktu ISO 8601, kemudian penjelasan hari demi hari. "
        "Waktu tanpa zona dibaca sebagai waktu setempat kantor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office", help="alamat halaman kantor, misalnya mataram")
        parser.add_argument("moment", help="waktu pertanyaan diterima, misalnya 2026-11-22T21:10")

    def handle(self, **options: Any) -> None:
        office = _office(options["office"])
        try:
            received_at = _moment(options["moment"], office)
            working_days = _standard(office, received_at).answer_working_days
            calendar = calendar_of(office)
            due = due_moment(calendar, received_at, working_days)
            trace = explain_due(calendar, received_at, working_days)
        except OverflowError as error:
            raise CommandError(
                f"Waktu {options['moment']!r} di luar jangkauan kalender.", returncode=2
            ) from error
        self.stdout.write("\n".join([due.isoformat(), *trace]))
        for year in sorted({received_at.astimezone(office.zone).year, due.year}):
            if not Holiday.objects.filter(office__isnull=True, date__year=year).exists():
                self.stderr.write(
                    f"Peringatan: hari libur tahun {year} belum ada; jalankan sync_holidays --years {year}."
                )


def _moment(text: str, office: Office) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"Waktu {text!r} tidak dapat dibaca; contoh: 2026-11-22T21:10 atau 2026-11-22T13:10+00:00.",
            returncode=2,
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=office.zone)


def _office(slug: str) -> Office:
    try:
        offices = {office.slug: office for office in Office.objects.all()}
    except ProgrammingError as error:
        raise CommandError(
            "Basis data belum siap; jalankan migrate, lalu load_offices.", returncode=2
        ) from error
    if slug not in offices:
        hint = f"yang ada: {', '.join(offices)}" if offices else "belum ada kantor, jalankan load_offices"
        raise CommandError(f"Kantor {slug!r} tidak dikenal; {hint}.", returncode=2)
    return offices[slug]


def _standard(office: Office, received_at: datetime) -> ServiceStandard:
    """The version in force on the day of receipt, or the first one for a day before it."""
    in_force = office.standards.on(office.local_date(received_at)).first()
    standard = in_force or office.standards.order_by("valid_from").first()
    if standard is None:
        raise CommandError(f"{office} belum memiliki standar pelayanan.", returncode=2)
    return standard
