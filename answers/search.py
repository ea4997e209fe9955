"""Finding a public answer by what somebody asks, in whatever word forms, or by a regulation's number."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, IntegerField, TextField, Value, When
from django.db.models.functions import Concat

from answers.models import PublicAnswer
from regulations.search import NUMBER_AND_YEAR, beginning_of, search_words, term_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.contrib.postgres.search import CombinedSearchQuery

    from answers.models import PublicAnswerQuerySet
    from offices.models import Category, Office
    from regulations.models import Regulation

    Query = SearchQuery | CombinedSearchQuery

MOST_SIMILAR = 5
LONGEST_LOOK = 600  # characters; what a question is about stands near its beginning
# Signs of no script mark the hits, so that the page itself escapes the text around them.
HIT_BEGINS, HIT_ENDS = "\ue000", "\ue001"
HIT = re.compile(f"{HIT_BEGINS}([^{HIT_ENDS}]*){HIT_ENDS}")
STRAY = str.maketrans("", "", HIT_BEGINS + HIT_ENDS)
# How a question is begun and ended, which says nothing of what it is about.
COURTESY = re.compile(
    r"\b(?:assalamu\S*|wr|wb|salam|selamat|pagi|siang|sore|malam|yth|bapak|ibu|pak|bu|kak|min|admin|kepada|"
    r"izin|ijin|bertanya|tanya|menanyakan|terkait|perihal|mengenai|terima|kasih|bantuannya|bantuan|info|informasi|"
    r"penjelasan|petunjuk|arahan|satker|setelah|sebelum|saat|ketika|apabila|kok|ya)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer that a search found; `snippet` is the text around the words, each piece with whether it is a hit."""

    answer: PublicAnswer
    snippet: list[tuple[str, bool]]


def number_words(texts: Iterable[str], regulations: Iterable[Regulation]) -> str:
    """What a search by number finds: each regulation cited or named in the texts, in its own and in the one spelling."""
    cited = [f"{each.kind} {each.short_citation} {_number_key(each)}" for each in regulations]
    named = [f"{number}x{year}" for text in texts for number, year in NUMBER_AND_YEAR.findall(text.lower())]
    return re.sub(r"[/.-]", " ", " ".join([*cited, *named]))


def _number_key(regulation: Regulation) -> str:
    number = re.search("[0-9]+", regulation.number)
    return f"{number[0]}x{regulation.year}" if number else ""


def search_answers(
    office: Office, text: str, *, today: date, category: Category | None = None, limit: int = 20
) -> list[Found]:
    """The office's current answers that hold all words of `text`, the last perhaps half typed, best first.

    When none holds them all, those that hold any. Anything may be typed; without words nothing is found.
    `today` is the office's local date. At most two queries.
    """
    words = search_words(text)
    if not words:
        return []
    terms: list[Query] = [term_of(word) for word in words[:-1]]
    terms.append(term_of(words[-1]) | beginning_of(words[-1]))
    all_of, any_of = reduce(operator.and_, terms), reduce(operator.or_, terms)
    answers = PublicAnswer.objects.filter(office=office).current(today).defer("search", "answer")
    if category is not None:
        answers = answers.filter(category=category)
    found = _best(answers, all_of, limit)
    if not found and len(terms) > 1:
        found = _best(answers, any_of, limit)
    return [Found(answer, _snippet(answer)) for answer in found]


def similar(office: Office, text: str, *, today: date, limit: int = MOST_SIMILAR) -> list[PublicAnswer]:
    """Current answers of the office that may answer a question being written, the closest first; one query.

    A question of several words needs two of them, so that no single common word such as "SP2D" brings an answer up.
    """
    words = search_words(COURTESY.sub(" ", text.lower()[:LONGEST_LOOK]), longest=LONGEST_LOOK)
    if not words:
        return []
    terms = [term_of(word) for word in words]
    any_of = reduce(operator.or_, terms)
    held = [
        Case(When(search=term, then=Value(1)), default=Value(0), output_field=IntegerField())
        for term in terms
    ]
    answers = PublicAnswer.objects.filter(office=office).current(today).defer("search", "answer")
    close = answers.filter(search=any_of).alias(words_held=reduce(operator.add, held))
    close = close.filter(words_held__gte=min(2, len(terms)))
    return list(close.order_by("-words_held", SearchRank(F("search"), any_of).desc(), "-pk")[:limit])


def _best(answers: PublicAnswerQuerySet, query: Query, limit: int) -> list[PublicAnswer]:
    headline = SearchHeadline(
        Concat("summary", Value(" "), "answer", output_field=TextField()),
        query,
        config="indonesian",
        start_sel=HIT_BEGINS,
        stop_sel=HIT_ENDS,
        min_words=15,
        max_words=32,
        max_fragments=2,
        fragment_delimiter=" … ",
    )
    found = answers.filter(search=query).select_related("category").annotate(headline=headline)
    return list(found.order_by(SearchRank(F("search"), query).desc(), "-pk")[:limit])


def _snippet(answer: PublicAnswer) -> list[tuple[str, bool]]:
    pieces = HIT.split(answer.headline)  # type: ignore[attr-defined]
    return [(piece.translate(STRAY), bool(turn % 2)) for turn, piece in enumerate(pieces) if piece]
