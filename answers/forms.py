"""What an officer fills in to publish, and what a reader searches by; a search's query string is its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.http import urlencode

from answers.models import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_SUMMARY, PublicAnswer
from answers.personal_data import find_personal_data, pieces
from answers.search import search_answers
from answers.services import Content, draft_from, known_of
from consultations.forms.desk import read_place, write_place
from offices.models import Category
from offices.parameters import LARGEST_KEY
from regulations.models import Regulation
from regulations.search import LONGEST_SEARCH
from stakeholders.forms import PlainTextArea, PlainTextField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answers.models import PublicAnswerQuerySet
    from answers.personal_data import Finding
    from answers.search import Found
    from consultations.models import Consultation
    from offices.models import Office

REVIEW_AFTER = timedelta(days=180)
PAGE_SIZE = 20
MOST_FOUND = 100


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DayField(forms.DateField):
    """A local date, as browsers' own date fields give and take it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d"]


class KeysField(forms.MultipleChoiceField):
    """Keys of findings; a key that finds nothing does no harm."""

    def valid_value(self, _value: Any) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Suspect:
    """One value that could tell who asked, wherever it stands, and whether it was declared harmless."""

    finding: Finding
    is_harmless: bool


class AnswerForm(forms.Form):
    """A public answer with everything it needs, and what in it could tell who asked."""

    category = forms.ModelChoiceField(Category.objects.none(), label="Kategori", empty_label="Pilih kategori")
    question = PlainTextField(
        label="Pertanyaan",
        max_length=LONGEST_QUESTION,
        help_text="Umum dan singkat, seperti yang akan dicari orang lain.",
        widget=area(3),
    )
    summary = PlainTextField(
        label="Jawaban singkat",
        max_length=LONGEST_SUMMARY,
        help_text="Satu sampai tiga kalimat dengan bahasa sehari-hari.",
        widget=area(3),
    )
    answer = PlainTextArea(label="Jawaban lengkap", max_length=LONGEST_ANSWER, widget=area(10))
    regulations = forms.ModelMultipleChoiceField(
        Regulation.objects.defer("search"), label="Dasar peraturan", required=False
    )
    valid_from = DayField(label="Berlaku mulai")
    valid_until = DayField(
        label="Berlaku sampai dengan", required=False, help_text="Kosongkan bila tidak ada batasnya."
    )
    review_on = DayField(label="Ditinjau kembali pada", help_text="Petugas CSO diingatkan pada tanggal ini.")
    harmless = KeysField(required=False)

    def __init__(self, *args: Any, office: Office, source: Consultation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known_of(source)
        category = self.fields["category"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        category.queryset = Category.objects.filter(office=office)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last, review = (said.get(name) for name in ("valid_from", "valid_until", "review_on"))
        if first and last and last < first:
            self.add_error("valid_until", ValidationError("Tanggal akhir tidak boleh sebelum tanggal mulai."))
        if first and review and review <= first:
            self.add_error(
                "review_on", ValidationError("Tanggal peninjauan harus setelah tanggal mulai berlaku.")
            )
        return said

    @property
    def content(self) -> Content:
        """What a valid form says."""
        return Content(**{name: self.cleaned_data[name] for name in Content.__slots__})

    @cached_property
    def marked_texts(self) -> list[tuple[str, list[tuple[str, Finding | None]]]]:
        """The texts as they stand in the form, by their labels, cut at what was found in them."""
        marked = []
        for name in ("question", "summary", "answer"):
            text = str(self[name].value() or "")
            findings = find_personal_data(text, self.known)
            if findings:
                marked.append((str(self[name].label), list(pieces(text, findings))))
        return marked

    @property
    def suspects(self) -> list[Suspect]:
        """Each value found, once."""
        declared = set(self["harmless"].value() or ())
        found = {
            finding.key: finding
            for _, marked in self.marked_texts
            for _, finding in marked
            if finding is not None
        }
        return [Suspect(finding, key in declared) for key, finding in found.items()]

    @property
    def is_clear(self) -> bool:
        return all(suspect.is_harmless for suspect in self.suspects)


def draft_of_consultation(source: Consultation, today: date) -> dict[str, Any]:
    """What the form starts with when a consultation is to be published."""
    answer, regulations = draft_from(source)
    return {
        "category": source.category,
        "question": " ".join(source.question.split())[:LONGEST_QUESTION],
        "answer": answer,
        "regulations": [regulation.pk for regulation in regulations],
        "valid_from": today,
        "review_on": today + REVIEW_AFTER,
    }


def draft_of_answer(answer: PublicAnswer, today: date) -> dict[str, Any]:
    """What the form starts with when an answer is changed; what its last version declared harmless stays so."""
    names = ("question", "summary", "answer", "category", "valid_from", "valid_until")
    last = answer.versions.order_by("-number").first()
    declared = set(last.declared_harmless if last is not None else ())
    texts = (answer.question, answer.summary, answer.answer)
    found = (each for text in texts for each in find_personal_data(text, known_of(answer.source)))
    return {
        **{name: getattr(answer, name) for name in names},
        "regulations": [regulation.pk for regulation in answer.regulations.only("pk")],
        "review_on": max(answer.review_on, today + REVIEW_AFTER if answer.review_on <= today else today),
        "harmless": [each.key for each in found if each.value in declared],
    }


class WithdrawForm(forms.Form):
    reason = PlainTextField(
        label="Alasan ditarik", max_length=300, help_text="Hanya terlihat oleh petugas.", widget=area(2)
    )


class AnswerSearch(forms.Form):
    """What a reader looks for; a value that makes no sense asks for nothing."""

    cari = forms.CharField(label="Kata atau nomor peraturan", max_length=LONGEST_SEARCH, required=False)
    kategori = forms.ModelChoiceField(
        Category.objects.none(),
        to_field_name="code",
        label="Kategori",
        required=False,
        empty_label="Semua kategori",
    )
    tampil = forms.IntegerField(min_value=PAGE_SIZE, max_value=MOST_FOUND, required=False)
    sesudah = forms.CharField(max_length=60, required=False)

    def __init__(self, *args: Any, office: Office, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.today = office, today
        category = self.fields["kategori"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        category.queryset = Category.objects.filter(office=office)
        self.is_valid()
        self.asked = self.cleaned_data

    @property
    def is_search(self) -> bool:
        return bool(self.asked.get("cari"))

    def found(self) -> tuple[list[Found], str]:
        """What the words find, and the query string that shows more of it, if there is more."""
        limit = self.asked.get("tampil") or PAGE_SIZE
        found = search_answers(
            self.office,
            self.asked["cari"],
            today=self.today,
            category=self.asked.get("kategori"),
            limit=limit + 1,
        )
        more = len(found) > limit < MOST_FOUND
        return found[:limit], self._query(tampil=min(limit + PAGE_SIZE, MOST_FOUND)) if more else ""

    def page(self) -> tuple[list[PublicAnswer], str]:
        """The latest answers from the page's beginning on, and the query string of the next page, if there is one."""
        answers = PublicAnswer.objects.filter(office=self.office).current(self.today)
        if category := self.asked.get("kategori"):
            answers = answers.filter(category=category)
        answers = self._from_place(answers).defer("search", "answer").select_related("category")
        found = list(answers.order_by("-revised_at", "-pk")[: PAGE_SIZE + 1])
        if len(found) <= PAGE_SIZE:
            return found, ""
        last = found[PAGE_SIZE - 1]
        return found[:PAGE_SIZE], self._query(sesudah=write_place(last.revised_at, last.pk))

    def _query(self, **place: Any) -> str:
        kept = {name: self.data[name] for name in ("cari", "kategori") if self.asked.get(name)}
        return urlencode({**kept, **place})

    def _from_place(self, answers: PublicAnswerQuerySet) -> PublicAnswerQuerySet:
        place = read_place(self.asked.get("sesudah", ""))
        if place is None:
            return answers
        moment, pk = place
        return answers.filter(Q(revised_at__lt=moment) | Q(pk__lt=pk), revised_at__lte=moment)


class DeskAnswers(forms.Form):
    """Which of the office's answers its staff look at: by their state, the newest first, a page at a time."""

    STATES = (
        ("", "Terbit"),
        ("tinjau", "Perlu ditinjau"),
        ("kedaluwarsa", "Kedaluwarsa"),
        ("ditarik", "Ditarik"),
    )
    keadaan = forms.ChoiceField(choices=STATES, required=False)
    sesudah = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)

    def page(self, answers: PublicAnswerQuerySet, today: date) -> tuple[list[PublicAnswer], str]:
        """The answers, and the query string of the next page, if there is one."""
        self.is_valid()
        match self.state:
            case "tinjau":
                answers = answers.to_review(today)
            case "kedaluwarsa":
                answers = answers.expired(today)
            case "ditarik":
                answers = answers.filter(withdrawn_at__isnull=False)
            case _:
                answers = answers.public()
        if after := self.cleaned_data.get("sesudah"):
            answers = answers.filter(pk__lt=after)
        found = list(
            answers.defer("search", "answer")
            .select_related("category", "office")
            .order_by("-pk")[: PAGE_SIZE + 1]
        )
        more = len(found) > PAGE_SIZE
        query = urlencode([("keadaan", self.state), ("sesudah", found[PAGE_SIZE - 1].pk)]) if more else ""
        return found[:PAGE_SIZE], query

    @property
    def state(self) -> str:
        return str(self.cleaned_data.get("keadaan", ""))

    def states(self) -> Iterator[tuple[str, str, bool]]:
        """Each state's query string, its name, and whether it is the one shown."""
        for value, label in self.STATES:
            yield urlencode({"keadaan": value}), label, value == self.state
