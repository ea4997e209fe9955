"""Take national holidays and cuti bersama over from the `holidays` package."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from offices.national_days import sync_national_days, years_around

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


def _year(text: str) -> int:
    if not (text.isdecimal() and 2000 <= int(text) <= 2100):  # noqa: PLR2004 - the years a desk can be asked about
        raise ArgumentTypeError(f"tahun {text!r} harus antara 2000 dan 2100")
    return int(text)


class Command(BaseCommand):
    help = (
        "Menyelaraskan libur nasional dan cuti bersama dengan paket holidays. Hari yang dicatat kantor atau "
        "dicatat sendiri oleh administrator tidak disentuh."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--years",
            type=_year,
            nargs="+",
            metavar="TAHUN",
            help="bawaan: tahun lalu, tahun ini, dan tahun depan",
        )

    def handle(self, **options: Any) -> None:
        years = options["years"] or years_around(timezone.localdate())
        report = sync_national_days(years)
        named = ", ".join(str(year) for year in sorted(set(years)))
        self.stdout.write(
            f"Kalender nasional {named}: {report.written} hari ditulis, {report.removed} hari dihapus."
        )
        for year in report.years_without_collective_leave:
            self.stderr.write(
                f"Peringatan: cuti bersama tahun {year} belum tersedia; batas waktu dapat terlalu awal."
            )
