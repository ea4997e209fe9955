"""`manage.py load_satker [FILE]`: fill the list of satuan kerja."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stakeholders.forms import plain_text
from stakeholders.models import Satker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT_LIST = Path(__file__).resolve().parents[2] / "data" / "satker.csv"
FIELDS = ("name", "ministry_code", "ministry_name")
BATCH = 1000


class Command(BaseCommand):
    help = "Memuat daftar satuan kerja dari berkas CSV dengan kolom code, name, ministry_code, ministry_name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=PROJECT_LIST, help="berkas CSV, UTF-8")

    def handle(self, *, path: Path, **_options: Any) -> None:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                loaded = load_satker(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(f"{loaded} satuan kerja dimuat dari {path.name}.")


def load_satker(rows: Iterable[Mapping[str, str | None]]) -> int:
    """Add or renew one satker a row, found by its code; the name in the list replaces what a stakeholder typed.

    All rows or none: raises `CommandError` naming the first line that is wrong. Returns how many were loaded.
    """
    found: dict[str, Satker] = {}
    for line, row in enumerate(rows, start=2):
        satker = Satker(is_listed=True)
        try:
            for field in ("code", *FIELDS):
                setattr(satker, field, plain_text(row.get(field) or ""))
            satker.full_clean(validate_unique=False)
        except ValidationError as error:
            raise CommandError(f"Baris {line}: {'; '.join(error.messages)}") from error
        found[satker.code] = satker
    Satker.objects.bulk_create(
        found.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*FIELDS, "is_listed"],
    )
    return len(found)
