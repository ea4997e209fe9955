"""Opinions to look at: ratings of the demo's answers, and a quarter's survey responses."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from consultations.enums import ANSWERED_STATUSES
from consultations.models import Consultation
from surveys.elements import ELEMENTS
from surveys.enums import Education, Gender, Occupation, SurveySource
from surveys.models import SurveyResponse
from surveys.services import rate

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

RESPONSES = 40
DAYS = 45
SCORES, WEIGHTS = (2, 3, 4), (1, 6, 9)
COMMENTS = (
    "",
    "Jawabannya jelas dan mudah diikuti.",
    "",
    "Petugasnya sabar menjelaskan.",
    "Agak lama, tetapi tuntas.",
)
SUGGESTIONS = {
    3: "Mohon tersedia contoh formulir di ruang tunggu.",
    11: "Tambahkan kursi di ruang tunggu.",
    17: "Jawaban lewat WhatsApp sangat membantu kami yang jauh dari kantor.",
}


def judge(office: Office, now: datetime) -> None:
    """Rate every other answered consultation, and respond to the survey; the same opinions every time."""
    chance = random.Random(office.slug)  # noqa: S311 - a demo
    answered = Consultation.objects.filter(office=office, status__in=ANSWERED_STATUSES).order_by("pk")
    for turn, consultation in enumerate(answered[::2]):
        score = chance.choices(SCORES, WEIGHTS)[0]
        moment = min((consultation.resolved_at or now) + timedelta(hours=2), now)
        rate(consultation, score, COMMENTS[turn % len(COMMENTS)], now=moment)
    SurveyResponse.objects.bulk_create(_response(office, turn, chance, now) for turn in range(RESPONSES))


def _response(office: Office, turn: int, chance: random.Random, now: datetime) -> SurveyResponse:
    scores = {element.name: chance.choices(SCORES, WEIGHTS)[0] for element in ELEMENTS}
    return SurveyResponse(
        office=office,
        on=office.local_date(now - timedelta(days=turn * DAYS // RESPONSES)),
        source=chance.choice(SurveySource.values),
        suggestion=SUGGESTIONS.get(turn, ""),
        gender=chance.choice(["", *Gender.values]),
        education=chance.choice(["", *Education.values]),
        occupation=chance.choice(["", *Occupation.values]),
        **(scores | {"cost": 4}),
    )
