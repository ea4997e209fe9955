"""What stakeholders think: the rating of an answer, and the anonymous Survei Kepuasan Masyarakat."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from consultations.models import Promise
from offices.models import Category, Office
from surveys.elements import ELEMENTS
from surveys.enums import Education, Gender, Occupation, Score, SurveySource

MAX_COMMENT = 1_000


class Rating(models.Model):
    """How satisfied a stakeholder is with one answer; a reopened consultation is answered, and rated, again."""

    promise = models.OneToOneField(
        Promise,
        on_delete=models.PROTECT,  # both are evidence of how the standard was kept
        related_name="rating",
    )
    score = models.PositiveSmallIntegerField("penilaian", choices=Score)
    comment = models.CharField("komentar", max_length=MAX_COMMENT, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="rating_score_known", condition=Q(score__in=Score.values)),
        )

    def __str__(self) -> str:
        return f"{self.promise_id}: {self.score}"


class SurveyResponse(models.Model):
    """One anonymous response to the nine elements: the day, but neither who, nor after which consultation, nor when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="survey_responses")
    on = models.DateField("tanggal")
    source = models.CharField(max_length=12, choices=SurveySource)
    requirements = models.PositiveSmallIntegerField()
    procedure = models.PositiveSmallIntegerField()
    time = models.PositiveSmallIntegerField()
    cost = models.PositiveSmallIntegerField()
    product = models.PositiveSmallIntegerField()
    competence = models.PositiveSmallIntegerField()
    conduct = models.PositiveSmallIntegerField()
    complaints = models.PositiveSmallIntegerField()
    facilities = models.PositiveSmallIntegerField()
    suggestion = models.CharField("saran", max_length=MAX_COMMENT, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    gender = models.CharField("jenis kelamin", max_length=12, choices=Gender, blank=True)
    education = models.CharField("pendidikan", max_length=12, choices=Education, blank=True)
    occupation = models.CharField("pekerjaan", max_length=12, choices=Occupation, blank=True)

    class Meta:
        constraints = (
            *(
                models.CheckConstraint(
                    name=f"survey_{element.name}_known", condition=Q(**{f"{element.name}__in": Score.values})
                )
                for element in ELEMENTS
            ),
            models.CheckConstraint(name="survey_source_known", condition=Q(source__in=SurveySource.values)),
        )
        indexes = (models.Index(fields=("office", "on"), name="survey_by_day"),)

    def __str__(self) -> str:
        return f"{self.office_id}: {self.on}"


class UsedInvitation(models.Model):
    """An invitation that was answered, so that it is not answered twice. Nothing leads from it to the response."""

    key_hash = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.key_hash[:12]
