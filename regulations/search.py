"""Finding a rule while somebody waits: by its number in any spelling, or by what it is about."""

from __future__ import annotations

import operator
import re
from functools import reduce

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, IntegerField, OrderBy, When

from regulations.enums import RegulationStatus
from regulations.models import Regulation

LONGEST_SEARCH = 200
MOST_WORDS = 12
USABILITY = Case(
    When(status=RegulationStatus.IN_FORCE, then=0),
    When(status=RegulationStatus.TO_BE_CHECKED, then=1),
    default=2,
    output_field=IntegerField(),
)

# 62/2023, 62 Tahun 2023, 62/PMK.05/2023, KEP-57/PB/2023: a number, perhaps its issuer, a year.
NUMBER_AND_YEAR = re.compile(
    r"\b([0-9]{1,4})(?:/[a-z]+(?:\.[0-9]+)?)?(?:\s*/\s*|\s+(?:tahun|thn?\.?)\s+)([0-9]{4})\b"
)
NUMBER_AND_ISSUER = re.compile(r"(?<=[0-9])/[a-z]+\.[0-9]*")
FILLER = re.compile(
    r"no|nomor|tahun|thn?|tentang|dan|atau|yang|di|ke|dari|pada|untuk|dengan|dalam|atas|oleh|bagi|apa|apakah|cara|"
    r"bagaimana|mengapa|berapa|siapa|kapan|saya|kami|ini|itu|ada|tidak|belum|sudah|bisa|dapat|boleh|harus|mohon|jika|bila|agar"
)


def search_regulations(
    text: str, *, limit: int = 20, category_code: str | None = None, only_in_force: bool = False
) -> list[Regulation]:
    """The regulations that hold all words of `text`, the last perhaps half typed: those in force first, best first.

    When none holds them all, those that hold any, the best match first. Without words, the newest in force.
    Anything may be typed. At most two queries.
    """
    regulations = Regulation.objects.defer("search")
    if category_code:
        regulations = regulations.filter(category_codes__contains=[category_code])
    if only_in_force:
        regulations = regulations.filter(status=RegulationStatus.IN_FORCE)
    words = search_words(text)
    if not words:
        return list(regulations.order_by(USABILITY, "-year", "kind", "number")[:limit])
    terms = [term_of(word) for word in words[:-1]] + [term_of(words[-1]) | beginning_of(words[-1])]
    all_of, any_of = reduce(operator.and_, terms), reduce(operator.or_, terms)
    found = regulations.filter(search=all_of).order_by(USABILITY, _closest(all_of), "-year", "pk")[:limit]
    if found or len(terms) == 1:
        return list(found)
    return list(
        regulations.filter(search=any_of).order_by(_closest(any_of), USABILITY, "-year", "pk")[:limit]
    )


def search_words(text: str, *, longest: int = LONGEST_SEARCH) -> list[str]:
    """The words of a question that are worth looking for, a regulation's number and year as one: "62x2023"."""
    text = NUMBER_AND_YEAR.sub(r"\1x\2", text[:longest].lower())
    text = NUMBER_AND_ISSUER.sub(" ", text)
    words = [word for word in re.findall(r"[^\W_]+", text) if not FILLER.fullmatch(word)]
    return words[:MOST_WORDS]


def term_of(word: str) -> SearchQuery:
    """The word and its Indonesian kin: 'pembayaran' finds 'membayar'; numbers and names as they are."""
    return SearchQuery(word, config="indonesian") | SearchQuery(word, config="simple")


def beginning_of(word: str) -> SearchQuery:
    """Words that begin so, for one that is still being typed."""
    return SearchQuery(f"'{word}':*", config="simple", search_type="raw")


def _closest(query: SearchQuery) -> OrderBy:
    return SearchRank(F("search"), query).desc()
