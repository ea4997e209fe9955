"""Keeping the people of an office, and finding them again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from stakeholders.identity import parse_name
from stakeholders.models import NAME_WORDS, Satker, Stakeholder

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

SHORTEST_SEARCH = (
    3  # signs of a name, an address or a number, and digits of a phone beyond what all begin with
)
LONGEST_SEARCH = 100
FILLED_BY_PUBLIC = ("role", "organisation", "said_satker_name")
MOST_CANDIDATES = 50  # a switchboard's number belongs to many
TITLE = re.compile(r"bapak|bpk|ibu|sdri?|dr[as]?|ir|prof|hj?|kol|kapt|lettu|mayor|akp|kompol")


def find_same_person(
    office: Office,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    nip: str = "",
    satker: Satker | None = None,
) -> Stakeholder | None:
    """Whom the office already knows under this name and satker: by NIP, else by phone, else by e-mail.

    A number or an address alone proves nothing, since colleagues share them: the names must agree as well, and
    two different NIP are two people. Somebody who acts for two satker is two stakeholders, so that what was asked
    for the one never moves to the other. Costs one query.
    """
    reached = [Q(**{field: value}) for field, value in (("nip", nip), ("phone", phone)) if value]
    if email:
        reached.append(Q(email_lower=email.lower()))
    if not reached:
        return None
    candidates = (
        Stakeholder.objects.of_office(office)
        .select_related("satker")
        .alias(email_lower=Lower("email"))
        .filter(Q(*reached, _connector=Q.OR), satker=satker)
        .order_by("-updated_at", "-pk")[:MOST_CANDIDATES]
    )
    alike = [person for person in candidates if _could_be(person, name, nip)]
    alike.sort(key=lambda person: (not nip or person.nip != nip, not phone or person.phone != phone))
    return alike[0] if alike else None


def _could_be(person: Stakeholder, name: str, nip: str) -> bool:
    return names_agree(person.name, name) and (not nip or not person.nip or person.nip == nip)


def names_agree(one: str, other: str) -> bool:
    """Whether two spellings can be one person's: titles aside, the shorter's words are in the longer, as initials too.

    'Drs. H. Budi Santoso, M.M.' agrees with 'budi s' and with 'Santoso Budi', not with 'Budi Hartono'.
    """
    shorter, longer = sorted((_name_words(one), _name_words(other)), key=len)
    if not any(len(word) > 1 and word in longer for word in shorter):
        return False
    return all(
        any(word == match or (1 in (len(word), len(match)) and word[0] == match[0]) for match in longer)
        for word in shorter
    )


def _name_words(name: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", name.partition(",")[0].casefold())
    return [word for word in words if not TITLE.fullmatch(word)] or words


@transaction.atomic(savepoint=False)
def save_stakeholder(  # noqa: PLR0913 (the fields of a person)
    office: Office,
    *,
    kind: str,
    name: str,
    now: datetime,
    role: str = "",
    satker: Satker | None = None,
    said_satker_name: str = "",
    organisation: str = "",
    phone: str = "",
    email: str = "",
    nip: str = "",
    by_officer: bool = False,
) -> Stakeholder:
    """Find the person these details belong to, or add them; a person already known gets no twin.

    What an officer took down renews what was known. What a public form says only fills a blank role, organisation or
    name of an unconfirmed satker: whoever knows a name and a number could otherwise put their own address on another's profile.
    The values are already cleaned by the form fields of this app; raises ValidationError for a name that holds an address.
    """
    for said in (name, role, organisation, said_satker_name):
        parse_name(said)
    details = {"kind": kind, "name": name, "role": role, "organisation": organisation}
    details |= {"phone": phone, "email": email, "nip": nip, "said_satker_name": said_satker_name}
    _wait_for_twins(office, phone, email.lower(), nip)
    person = find_same_person(office, name=name, phone=phone, email=email, nip=nip, satker=satker)
    if person is None:
        return Stakeholder.objects.create(
            office=office, satker=satker, created_at=now, updated_at=now, **details
        )
    may_change = (
        details if by_officer else [field for field in FILLED_BY_PUBLIC if not getattr(person, field)]
    )
    changed = [field for field in may_change if details[field] and details[field] != getattr(person, field)]
    if changed:
        for field in changed:
            setattr(person, field, details[field])
        person.updated_at = now
        person.save(update_fields=[*changed, "updated_at"])
    return person


def _wait_for_twins(office: Office, *contacts: str) -> None:
    """Hold back, until this transaction ends, others about to save somebody with one of these contacts.

    A row that does not exist yet cannot be locked; the contact itself is. Sorted, so that two never wait for
    each other.
    """
    keys = sorted(f"stakeholder:{office.pk}:{contact}" for contact in contacts if contact)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key",
                [keys],
            )


def satker_by_code(code: str) -> Satker | None:
    """The satker of a code, if an officer or a list has confirmed its name."""
    return Satker.objects.filter(code=code).exclude(name="").first()


def satker_of_code(code: str) -> Satker:
    """The satker of a six-digit code that anybody may have typed: without a name until one is confirmed."""
    return Satker.objects.get_or_create(code=code, defaults={"name": "", "is_listed": False})[0]


def remember_satker(code: str, name: str) -> Satker:
    """The satker of a six-digit code as an officer knows it: one without a confirmed name gets this one, for every office.

    It stays marked as not listed until a list has it.
    """
    satker = satker_of_code(code)
    if not satker.name:
        Satker.objects.filter(pk=satker.pk, name="").update(name=name)
        satker.refresh_from_db()
    return satker


def search_people(office: Office, text: str, *, limit: int = 8) -> list[Stakeholder]:
    """Live lookup among the office's own people, by the beginnings of name words, phone, NIP or e-mail.

    Anything may be typed; under three signs nothing is found. Costs one query, answered from an index.
    """
    text = text.strip()[:LONGEST_SEARCH]
    condition = _contact_beginning(text) or _words_beginning(text)
    if condition is None:
        return []
    people = Stakeholder.objects.of_office(office).select_related("satker")
    return list(
        people.alias(email_lower=Lower("email"), name_words=NAME_WORDS)
        .filter(condition)
        .order_by("name", "pk")[:limit]
    )


def _contact_beginning(text: str) -> Q | None:
    """A condition when somebody types a telephone number, an NIP or an e-mail address; None for other texts."""
    if found := re.fullmatch(r"([\w.+\-]+)@[\w.\-]*", text):
        return Q(email_lower__startswith=text.lower()) if len(found[1]) >= SHORTEST_SEARCH else None
    digits = re.sub(r"[ ().\-]", "", text)
    own_digits = re.sub(r"^(0|62|\+62)", "", digits)
    if len(own_digits) >= SHORTEST_SEARCH and re.fullmatch(r"\+?[0-9]+", digits):
        return Q(phone__startswith=re.sub(r"^(0|62|\+62)", "+62", digits)) | Q(nip__startswith=digits)
    return None


def _words_beginning(text: str) -> Q | None:
    words = re.findall(r"\w+", text.lower())
    if max(map(len, words), default=0) < SHORTEST_SEARCH:
        return None
    query = " & ".join(f"'{word}':*" for word in words)
    return Q(name_words=SearchQuery(query, config="simple", search_type="raw"))


def search_satker(text: str, *, limit: int = 8) -> list[Satker]:
    """Live lookup in the official list, by the beginning of the code or of the name's words. Costs one query."""
    text = text.strip()[:LONGEST_SEARCH]
    if re.fullmatch(r"[0-9]{3,6}", text):
        condition: Q | None = Q(code__startswith=text)
    else:
        condition = _words_beginning(text)
    if condition is None:
        return []
    listed = Satker.objects.filter(is_listed=True).alias(name_words=NAME_WORDS)
    return list(listed.filter(condition).order_by("name", "code")[:limit])
