"""Offices described in TOML files, one file an office, and what all of them share in common.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from offices.models import (
    Category,
    Office,
    ServiceHours,
    ServiceStandard,
    SpecialHours,
    SpecialInterval,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMON = "common.toml"
TABLES = ("office", "standard")
LISTS = ("hours", "special_hours", "units", "categories")
Row = TypeVar("Row", bound=models.Model)


class OfficeFileError(Exception):
    """A file cannot be loaded; the message names the file and the field, in Indonesian, on one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file: its values, and for each where it came from, to name it when it is wrong."""

    place: str
    values: dict[str, Any]
    places: dict[str, str]

    def error(self, key: str, reason: str) -> OfficeFileError:
        return OfficeFileError(f"{self.places.get(key, self.place)}.{key}: {reason}")

    def take(self, key: str) -> Any:
        """Remove a value from the entry and return it; a missing one is an error."""
        if key not in self.values:
            raise self.error(key, "belum diisi.")
        return self.values.pop(key)

    def take_list(self, key: str) -> list[Any]:
        """As `take`, of a value that must be a list."""
        value = self.take(key)
        if not isinstance(value, list):
            raise self.error(key, "harus berupa daftar.")
        return value


@dataclass(frozen=True, slots=True)
class LoadedOffice:
    office: Office
    outcome: str


@transaction.atomic
def load_offices(directory: Path, *, update: bool) -> list[LoadedOffice]:
    """Load every office file of a directory, all or none of them.

    An office that is stored already is left exactly as its administrator keeps it, unless `update` asks for the
    file's texts to be written over it; nothing is ever removed but the hours of a weekday, or of special dates, for
    which the file has others. Raises OfficeFileError.
    """
    common = _read(directory / COMMON) if (directory / COMMON).exists() else {}
    paths = [path for path in sorted(directory.glob("*.toml")) if path.name != COMMON]
    if not paths:
        raise OfficeFileError(f"{directory}: tidak ada berkas kantor (*.toml).")
    return [_load(path.name, _read(path), common, update=update) for path in paths]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OfficeFileError(f"{path.name}: tidak dapat dibaca, {error}") from error
    for name, value in content.items():
        if name in TABLES:
            well_formed = isinstance(value, dict)
        elif name in LISTS:
            well_formed = isinstance(value, list) and all(isinstance(each, dict) for each in value)
        else:
            raise OfficeFileError(f"{path.name}: {name}: bagian ini tidak dikenal.")
        if not well_formed:
            raise OfficeFileError(f"{path.name}: {name}: susunan bagian ini keliru.")
    return content


def _load(file: str, own: dict[str, Any], common: dict[str, Any], *, update: bool) -> LoadedOffice:
    described = _table("office", file, own, common)
    slug = str(described.take("slug"))
    exists = Office.objects.filter(slug=slug).exists()
    if exists and not update:
        return LoadedOffice(
            Office.objects.get(slug=slug), "sudah ada, tidak diubah (--update memperbaruinya)"
        )
    office = _write(Office, described, slug=slug)
    _write_hours(list(_entries("hours", file, own, common)), office)
    for entry in _entries("special_hours", file, own, common):
        _write_special_hours(entry, office)
    units = {
        unit.code: unit
        for entry in _entries("units", file, own, common)
        for unit in [_write(Unit, entry, office=office, code=entry.take("code"))]
    }
    for entry in _entries("categories", file, own, common):
        code = entry.take("unit")
        if not isinstance(code, str) or code not in units:
            raise entry.error("unit", f"unit {code} tidak ada.")
        entry.values["unit"] = units[code]
        _write(Category, entry, office=office, code=entry.take("code"))
    standard = _table("standard", file, own, common)
    _write(ServiceStandard, standard, office=office, valid_from=standard.take("valid_from"))
    return LoadedOffice(office, "diperbarui" if exists else "dibuat")


def _table(name: str, file: str, own: dict[str, Any], common: dict[str, Any]) -> Entry:
    """A table of the office's file laid over the common one."""
    shared, given = common.get(name, {}), own.get(name, {})
    places = dict.fromkeys(shared, f"{COMMON}: {name}") | dict.fromkeys(given, f"{file}: {name}")
    return Entry(f"{file}: {name}", {**shared, **given}, places)


def _entries(name: str, file: str, own: dict[str, Any], common: dict[str, Any]) -> Iterator[Entry]:
    """The tables of a list, the office's own if it has any, else the common ones."""
    source, tables = (file, own[name]) if name in own else (COMMON, common.get(name, []))
    seen = set()
    for number, table in enumerate(tables, start=1):
        entry = Entry(f"{source}: {name}[{number}]", dict(table), {})
        code = str(table.get("code", number))
        if code in seen:
            raise entry.error("code", f"{code} tertulis lebih dari sekali.")
        seen.add(code)
        yield entry


def _write_hours(entries: list[Entry], office: Office) -> None:
    """The hours of each service and weekday that are given, in place of those stored; a break lies between two entries."""
    given = [(entry.take("service"), entry.take_list("weekdays"), entry) for entry in entries]
    for service, weekdays, _ in given:
        known = [weekday for weekday in weekdays if isinstance(weekday, int)]
        office.service_hours.filter(service=service, weekday__in=known).delete()
    for service, weekdays, entry in given:
        for weekday in weekdays:
            _fill(ServiceHours(office=office, service=service, weekday=weekday), entry)


def _write_special_hours(entry: Entry, office: Office) -> None:
    """Hours of a date or period for one service; without a list of hours it is closed."""
    hours = entry.take_list("hours") if "hours" in entry.values else []
    key = {name: entry.take(name) for name in ("service", "starts_on", "ends_on")}
    special = _write(SpecialHours, entry, office=office, **key)
    special.intervals.all().delete()
    for number, table in enumerate(hours, start=1):
        if not isinstance(table, dict):
            raise entry.error("hours", "harus berupa daftar tabel.")
        interval = Entry(f"{entry.place}.hours[{number}]", dict(table), {})
        for weekday in interval.take_list("weekdays"):
            _fill(SpecialInterval(special=special, weekday=weekday), interval)


def _write(model: type[Row], entry: Entry, **key: Any) -> Row:
    """Create or overwrite the row with this key."""
    try:
        row = model._default_manager.filter(**key).first() or model(**key)  # noqa: SLF001 - Django's public Meta API
    except (TypeError, ValueError, ValidationError) as error:
        raise OfficeFileError(f"{entry.place}: nilai tidak sesuai, {error}") from error
    return _fill(row, entry)


def _fill(row: Row, entry: Entry) -> Row:
    """Give a row the entry's values and store it, checked as a form would check it."""
    fields = {field.name: field for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's public Meta API
    values = {name: _value(entry, fields.get(name), name, value) for name, value in entry.values.items()}
    try:
        for name, value in values.items():
            setattr(row, name, value)
        row.full_clean()
    except ValidationError as error:
        name, reasons = next(iter(error.message_dict.items()))
        raise entry.error(name, " ".join(reasons)) from error
    except (TypeError, ValueError) as error:
        raise OfficeFileError(f"{entry.place}: nilai tidak sesuai, {error}") from error
    row.save()
    return row


def _value(entry: Entry, field: models.Field[Any, Any] | None, name: str, value: Any) -> Any:
    """A text may be given as a list of its lines; anything else must be a plain value of a known field."""
    if field is None or name in ("id", "office", "special"):
        raise entry.error(name, "kolom ini tidak dikenal.")
    if isinstance(field, models.TextField) and isinstance(value, list):
        value = "\n".join(str(line) for line in value)
    if isinstance(value, (list, dict)):
        raise entry.error(name, "harus berupa satu nilai.")
    if isinstance(value, str) and "\x00" in value:
        raise entry.error(name, "memuat karakter NUL.")
    return value.strip() if isinstance(value, str) else value
