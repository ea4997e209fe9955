"""`manage.py load_regulations [FILE]`: fill the library of regulations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from regulations.models import Regulation

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT_LIST = Path(__file__).resolve().parents[2] / "data" / "regulations.json"
FIELDS = {"kind", "number", "year", "title", "subject", "category_codes", "status", "status_note", "source"}


class Command(BaseCommand):
    help = "Memuat daftar peraturan. Baris yang sudah diverifikasi administrator tidak diubah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=PROJECT_LIST, help="berkas JSON, satu daftar objek"
        )

    def handle(self, *, path: Path, **_options: Any) -> None:
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        with transaction.atomic():
            loaded = load_regulations(rows)
        self.stdout.write(f"{loaded} peraturan dimuat dari {path.name}.")


def load_regulations(rows: Iterable[dict[str, Any]]) -> int:
    """Add or renew one regulation a row, found by kind, number and year; rows already verified stay as they are.

    Returns how many were written; raises `CommandError` naming the first row that is wrong.
    """
    loaded = 0
    for number, row in enumerate(rows, start=1):
        key = {name: row.get(name) for name in ("kind", "number", "year")}
        regulation = Regulation.objects.filter(**key).first() or Regulation()
        if regulation.is_verified:
            continue
        for name in FIELDS & row.keys():
            setattr(regulation, name, row[name])
        try:
            regulation.full_clean()
        except ValidationError as error:
            raise CommandError(f"Baris {number}: {'; '.join(error.messages)}") from error
        regulation.save()
        loaded += 1
    return loaded
