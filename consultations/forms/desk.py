"""The filter of the officer's list; the query string is its state."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.utils.http import urlencode

from consultations.enums import Channel, Status
from consultations.rows import end_of_day
from offices import parameters
from offices.models import Category

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict

    from consultations.models import Consultation, ConsultationQuerySet
    from offices.models import Office, Staff

MOST_WORDS = 12
OPEN, MINE, BY_DUE = "terbuka", "saya", "tenggat"
NUMBER_BEGINNING = re.compile(r"[A-Z]{2,6}-[0-9]{4}(-[0-9]{0,6})?")
RUNNING_NUMBER = re.compile(r"[0-9]{1,6}")


class Select(forms.Select):
    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "form-select", **(attrs or {})}, **kwargs)


class Choice(forms.ChoiceField):
    def __init__(self, choices: list[tuple[str, str]], *, label: str) -> None:
        super().__init__(choices=choices, label=label, required=False, widget=Select)


class Tick(forms.BooleanField):
    def __init__(self, *, label: str) -> None:
        attrs = {"class": "form-check-input"}
        super().__init__(label=label, required=False, widget=forms.CheckboxInput(attrs))


class ConsultationFilter(forms.Form):
    """Which consultations, in which order, from which place on. A value that makes no sense filters nothing."""

    cari = forms.CharField(
        label="Nomor, nama, atau isi pertanyaan",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    status = Choice([("", "Semua status"), (OPEN, "Belum selesai"), *Status.choices], label="Status")
    kategori = forms.ModelChoiceField(
        Category.objects.none(), required=False, empty_label="Semua kategori", widget=Select
    )
    petugas = Choice([("", "Semua petugas"), (MINE, "Saya")], label="Petugas")
    saluran = Choice([("", "Semua saluran"), *Channel.choices], label="Saluran")
    urut = Choice([("", "Terbaru diterima"), (BY_DUE, "Batas waktu terdekat")], label="Urutan")
    terlambat = Tick(label="Terlambat")
    hari_ini = Tick(label="Jatuh tempo hari ini")
    progres = Tick(label="Progres hari ini")
    telepon = Tick(label="Hubungi lewat telepon")
    kabar = Tick(label="Kabar masuk")
    sesudah = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, office: Office, staff: Staff, now: datetime) -> None:
        super().__init__(data, label_suffix="")
        self.office, self.staff, self.now = office, staff, now
        category = self.fields["kategori"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        category.queryset = Category.objects.filter(office=office)

    def filter(self, consultations: ConsultationQuerySet) -> ConsultationQuerySet:
        """The consultations asked for, ordered, from the page's beginning on."""
        self.is_valid()
        wanted = self.cleaned_data
        if status := wanted.get("status"):
            consultations = consultations.open() if status == OPEN else consultations.filter(status=status)
        if category := wanted.get("kategori"):
            consultations = consultations.filter(category=category)
        if wanted.get("petugas"):
            consultations = consultations.filter(officer=self.staff)
        if channel := wanted.get("saluran"):
            consultations = consultations.filter(channel=channel)
        consultations = self._ticked(consultations)
        if text := wanted.get("cari"):
            consultations = consultations.filter(self._holding(text))
        return self._from_place(consultations)

    def _ticked(self, consultations: ConsultationQuerySet) -> ConsultationQuerySet:
        """Those for which all that is ticked is so."""
        narrowed: dict[str, Callable[[ConsultationQuerySet], ConsultationQuerySet]] = {
            "terlambat": lambda found: found.overdue(self.now),
            "hari_ini": lambda found: found.due_between(self.now, end_of_day(self.now, self.office.zone)),
            "progres": lambda found: found.owing_progress(self.office.local_date(self.now)),
            "telepon": lambda found: found.to_call(),
            "kabar": lambda found: found.with_news(),
        }
        for name, narrow in narrowed.items():
            if self.cleaned_data.get(name):
                consultations = narrow(consultations)
        return consultations

    def query(self, *, after: Consultation | None = None) -> str:
        """The query string of this list's first page, or of the page that begins after a consultation."""
        kept = {
            name: self.data[name] for name in self.fields if name in self.cleaned_data and self.data.get(name)
        }
        kept.pop("sesudah", None)
        if after is not None:
            moment = after.due_at if self._by_due else after.received_at
            kept["sesudah"] = write_place(moment, after.pk)
        return urlencode(kept)

    @property
    def _by_due(self) -> bool:
        """What waits stands in the order in which it is due."""
        wanted = self.cleaned_data
        return wanted.get("urut") == BY_DUE or any(
            map(wanted.get, ("terlambat", "hari_ini", "progres", "kabar"))
        )

    def _holding(self, text: str) -> Q:
        """A number or its beginning, or words of the name, the subject and the question, the last perhaps half typed."""
        if NUMBER_BEGINNING.fullmatch(text.upper()):
            return Q(number__startswith=text.upper())
        words = re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]
        beginnings = " & ".join(f"'{word}':*" for word in words)
        if not beginnings:
            return Q()
        holds = SearchQuery(text, config="indonesian")
        holds |= SearchQuery(beginnings, config="simple", search_type="raw")
        found = Q(search=holds)
        if RUNNING_NUMBER.fullmatch(text):
            year = self.office.local_date(self.now).year
            prefix = self.office.number_prefix
            found |= Q(number__in=[f"{prefix}-{each}-{int(text):06d}" for each in (year, year - 1)])
        return found

    def _from_place(self, consultations: ConsultationQuerySet) -> ConsultationQuerySet:
        place = read_place(self.cleaned_data.get("sesudah", ""))
        if self._by_due:
            consultations = consultations.open().order_by("due_at", "pk")
            if place:
                moment, pk = place
                consultations = consultations.filter(Q(due_at__gt=moment) | Q(pk__gt=pk), due_at__gte=moment)
            return consultations
        if place:
            moment, pk = place
            consultations = consultations.filter(
                Q(received_at__lt=moment) | Q(pk__lt=pk), received_at__lte=moment
            )
        return consultations.order_by("-received_at", "-pk")


def write_place(moment: datetime, pk: int) -> str:
    """Where a row stands in a list ordered by a moment, as an address carries it."""
    return f"{moment.astimezone(UTC).isoformat()}_{pk}"


def read_place(text: str) -> tuple[datetime, int] | None:
    """A moment and a key as an address carries them; None for anything else."""
    return parameters.read_place(text, "_")
