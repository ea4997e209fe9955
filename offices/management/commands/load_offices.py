"""Load the offices described in the project's data files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offices.national_days import sync_national_days, years_around
from offices.office_files import OfficeFileError, load_offices

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

DATA = Path(__file__).resolve().parent.parent.parent / "data"


class Command(BaseCommand):
    help = (
        "Memuat kantor dari berkas TOML, satu berkas satu kantor, beserta kalender nasional. Kantor yang sudah ada "
        "tidak diubah, agar perubahan administrator kantor tetap berlaku; --update menimpanya dengan isi berkas. "
        "Tidak ada yang dihapus."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--directory", type=Path, default=DATA, help="folder berkas kantor (bawaan: %(default)s)"
        )
        parser.add_argument(
            "--update", action="store_true", help="timpa kantor yang sudah ada dengan isi berkas"
        )

    def handle(self, **options: Any) -> None:
        try:
            loaded = load_offices(options["directory"], update=options["update"])
        except OfficeFileError as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        for each in loaded:
            units, categories = each.office.units.count(), each.office.categories.count()
            self.stdout.write(f"{each.office}: {each.outcome}; {units} unit, {categories} kategori.")
        years = years_around(timezone.localdate())
        report = sync_national_days(years)
        self.stdout.write(f"Kalender nasional {years[0]}-{years[-1]}: {report.written} hari ditulis.")
