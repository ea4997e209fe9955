"""Satuan kerja, and the people who consult an office."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from offices.models import Office, Staff
from stakeholders.enums import StakeholderKind
from stakeholders.identity import parse_name

NAME_WORDS = SearchVector("name", config="simple")


class Satker(models.Model):
    """A satuan kerja of the whole country: a six-digit code, kept as text for its leading zeros, and a name.

    Rows that no list confirmed have `is_listed` false; they are never suggested to others. What a stakeholder says about
    a code is shown at no other office: the row has no name until an officer or a list gives it one.
    """

    code = models.CharField("kode satker", max_length=6, unique=True)
    name = models.CharField("nama satker", max_length=160)
    ministry_code = models.CharField("kode BA", max_length=3, blank=True)
    ministry_name = models.CharField("kementerian/lembaga", max_length=160, blank=True)
    is_listed = models.BooleanField("ada dalam daftar resmi", default=True)

    class Meta:
        verbose_name = "satuan kerja"
        verbose_name_plural = "satuan kerja"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="satker_code_six_digits",
                condition=Q(code__regex=r"^[0-9]{6}$"),
                violation_error_message="Kode satker terdiri atas 6 digit angka, contoh 123456.",
            ),
            models.CheckConstraint(
                name="satker_ministry_code_three_digits",
                condition=Q(ministry_code__regex=r"^([0-9]{3})?$"),
                violation_error_message="Kode BA terdiri atas 3 digit angka, contoh 015.",
            ),
            models.CheckConstraint(
                name="satker_listed_has_name",
                condition=Q(is_listed=False) | ~Q(name=""),
                violation_error_message="Satker dalam daftar resmi harus memiliki nama.",
            ),
        )
        indexes = (GinIndex(NAME_WORDS, name="satker_name_words"),)

    def __str__(self) -> str:
        return self.named(self.name)

    def clean(self) -> None:
        """Names hold no addresses; raises ValidationError."""
        for field in ("name", "ministry_name"):
            refuse_address(self, field)

    def named(self, name: str) -> str:
        """'NAMA SATKER (123456)', or the code alone."""
        return f"{name} ({self.code})" if name else self.code


def refuse_address(row: models.Model, field: str) -> None:
    """Raises ValidationError at a row's field when the name there holds an address."""
    try:
        parse_name(getattr(row, field))
    except ValidationError as error:
        raise ValidationError({field: error}) from error


class StakeholderQuerySet(models.QuerySet["Stakeholder"]):
    def of_office(self, office: Office) -> StakeholderQuerySet:
        """The people this office knows; another office never sees them."""
        return self.filter(office=office)


class Stakeholder(models.Model):
    """A person who consults one office: who they are, for whom they speak, how they are reached.

    The phone is E.164, the NIP is its 18 digits; both are blank when not given. `said_satker_name` is what the person
    calls a satker whose name nobody has confirmed yet.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # consultations stay attributable to a person
        db_index=False,  # the composite indexes begin with it
        related_name="stakeholders",
        verbose_name="kantor",
    )
    kind = models.CharField("jenis stakeholder", max_length=24, choices=StakeholderKind)
    role = models.CharField("peran/jabatan", max_length=60, blank=True)
    name = models.CharField("nama lengkap", max_length=120)
    satker = models.ForeignKey(
        Satker,
        on_delete=models.PROTECT,  # the person speaks for it
        null=True,
        blank=True,
        related_name="stakeholders",
        verbose_name="satuan kerja",
    )
    said_satker_name = models.CharField("nama satker menurut stakeholder", max_length=160, blank=True)
    organisation = models.CharField("instansi/lembaga", max_length=160, blank=True)
    phone = models.CharField("telepon/WhatsApp", max_length=16, blank=True)
    email = models.EmailField("alamat surel", blank=True)
    nip = models.CharField("NIP", max_length=18, blank=True)
    created_at = models.DateTimeField("dicatat")
    updated_at = models.DateTimeField("diperbarui")

    objects = StakeholderQuerySet.as_manager()

    class Meta:
        verbose_name = "stakeholder"
        verbose_name_plural = "stakeholder"
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                name="stakeholder_kind_known",
                condition=Q(kind__in=StakeholderKind.values),
                violation_error_message="Jenis stakeholder tidak dikenal.",
            ),
            models.CheckConstraint(
                name="stakeholder_satker_for_kind_satker_only",
                condition=Q(kind=StakeholderKind.SATKER, satker__isnull=False)
                | (~Q(kind=StakeholderKind.SATKER) & Q(satker__isnull=True)),
                violation_error_message="Satker diisi untuk stakeholder satuan kerja, dan hanya untuk itu.",
            ),
            models.CheckConstraint(
                name="stakeholder_said_satker_has_code",
                condition=Q(said_satker_name="") | Q(satker__isnull=False),
                violation_error_message="Nama satker memerlukan kode satker.",
            ),
            models.CheckConstraint(
                name="stakeholder_name_not_blank",
                condition=~Q(name=""),
                violation_error_message="Nama harus diisi.",
            ),
            models.CheckConstraint(
                name="stakeholder_phone_e164",
                condition=Q(phone__regex=r"^(\+[1-9][0-9]{6,14})?$"),
                violation_error_message="Nomor telepon belum sesuai, contoh 081234567890.",
            ),
            models.CheckConstraint(
                name="stakeholder_nip_18_digits",
                condition=Q(nip__regex=r"^([0-9]{18})?$"),
                violation_error_message="NIP terdiri atas 18 digit angka.",
            ),
        )
        # The pattern classes serve equality and the prefixes of a live lookup alike.
        indexes = (
            models.Index("office", OpClass("phone", name="varchar_pattern_ops"), name="stakeholder_phone"),
            models.Index(
                "office", OpClass(Lower("email"), name="text_pattern_ops"), name="stakeholder_email"
            ),
            models.Index("office", OpClass("nip", name="varchar_pattern_ops"), name="stakeholder_nip"),
            GinIndex(NAME_WORDS, name="stakeholder_name_words"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Names hold no addresses; raises ValidationError."""
        for field in ("name", "role", "organisation", "said_satker_name"):
            refuse_address(self, field)

    @property
    def affiliation(self) -> str:
        """For whom the person speaks, as printed beside the name; empty for a private person."""
        return self.satker.named(self.satker_name) if self.satker is not None else self.organisation

    @property
    def is_satker_unconfirmed(self) -> bool:
        """Whether only the person has said what the satker is called."""
        return self.satker is not None and not self.satker.name

    @property
    def satker_name(self) -> str:
        """The satker's confirmed name, or else what the person calls it; empty without a satker."""
        return (self.satker.name or self.said_satker_name) if self.satker is not None else ""


class PersonLookup(models.Model):
    """That somebody at the desk had a person's details filled in: who, when, whom. Never changed."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="person_lookups", verbose_name="kantor"
    )
    staff = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,  # who looked stays known
        related_name="person_lookups",
        verbose_name="pegawai",
    )
    stakeholder = models.ForeignKey(
        Stakeholder,
        on_delete=models.CASCADE,  # nothing is told of a person who is no longer kept
        related_name="lookups",
        verbose_name="stakeholder",
    )
    at = models.DateTimeField("dibuka")

    class Meta:
        verbose_name = "pembukaan data stakeholder"
        verbose_name_plural = "pembukaan data stakeholder"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.staff}: {self.stakeholder}"
