"""Finding who stands at the desk: among the people the office knows, and the official list of satker."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import get_object_or_404

from consultations.models import Consultation
from offices.parameters import LARGEST_KEY
from stakeholders.enums import StakeholderKind
from stakeholders.forms import SatkerCodeField
from stakeholders.identity import display_phone
from stakeholders.models import PersonLookup, Stakeholder
from stakeholders.services import satker_by_code, search_people, search_satker
from throttle import limits

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from offices.models import Office, Staff
    from stakeholders.models import Satker

MINUTE = timedelta(minutes=1)
SEARCHES_PER_MINUTE = 40  # a search follows each pause in typing
CHOICES_PER_MINUTE = 10
TOO_OFTEN = "Pencarian sedang terlalu sering. Silakan tunggu sebentar, atau isi identitas di bawah ini."
NUMBER = re.compile(r"[A-Z]{2,6}-[0-9]{4}-[0-9]{6}")


class LookupForm(forms.Form):
    """What is searched for, or who was chosen among what was found."""

    cari = forms.CharField(max_length=100, required=False)
    orang = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)
    satker = SatkerCodeField(required=False)


@dataclass(frozen=True, slots=True)
class Found:
    """Who was chosen, as the identity fields hold it; or, while nobody is, what fits the words `looked_for`.

    `refusal` says why nothing was looked up.
    """

    identity: dict[str, str] = field(default_factory=dict)
    looked_for: str = ""
    people: list[Stakeholder] = field(default_factory=list)
    satker: list[Satker] = field(default_factory=list)
    refusal: str = ""


def look_up(office: Office, data: QueryDict, *, by: Staff, now: datetime) -> Found:
    """What a lookup at the desk asked for; raises Http404 for a person of another office. At most three statements.

    An account searches so many times a minute, and has so many people's details filled in; each of these is recorded.
    """
    lookup = LookupForm(data)
    lookup.is_valid()
    wanted = lookup.cleaned_data
    if pk := wanted.get("orang"):
        known = Stakeholder.objects.of_office(office).select_related("satker")
        if limits.hit("lookup.choose", str(by.pk), limit=CHOICES_PER_MINUTE, per=MINUTE, now=now):
            return Found(refusal=TOO_OFTEN)
        person = get_object_or_404(known, pk=pk)
        PersonLookup.objects.create(office=office, staff=by, stakeholder=person, at=now)
        return Found(details_of(person))
    if code := wanted.get("satker"):
        return Found({"kind": StakeholderKind.SATKER.value, **details_of_satker(satker_by_code(code))})
    text = wanted.get("cari", "")
    if text and limits.hit("lookup.search", str(by.pk), limit=SEARCHES_PER_MINUTE, per=MINUTE, now=now):
        return Found(looked_for=text, refusal=TOO_OFTEN)
    return matches(office, text)


def matches(office: Office, text: str) -> Found:
    """People the office knows and satker of the official list; a consultation's number finds who asked it."""
    number = text.strip().upper()
    if NUMBER.fullmatch(number):
        asked = Consultation.objects.filter(office=office, number=number).values("stakeholder")
        return Found(
            looked_for=text, people=list(Stakeholder.objects.filter(pk__in=asked).select_related("satker"))
        )
    return Found(looked_for=text, people=search_people(office, text), satker=search_satker(text))


def details_of(person: Stakeholder) -> dict[str, str]:
    """A visit's identity, filled from a person the office knows."""
    return {
        "kind": person.kind,
        "name": person.name,
        "phone": display_phone(person.phone),
        "email": person.email,
        "role": person.role,
        "nip": person.nip,
        "organisation": person.organisation,
        **details_of_satker(person.satker),
        "satker_name": person.satker_name,
    }


def details_of_satker(satker: Satker | None) -> dict[str, str]:
    """A visit's satker fields, blank without a satker."""
    return {
        "satker_code": satker.code if satker else "",
        "satker_name": satker.name if satker else "",
    }
