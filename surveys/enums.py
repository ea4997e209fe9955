"""The closed lists of the surveys."""

from django.db import models


class Score(models.IntegerChoices):
    """The four steps of PermenPANRB 14/2017, worst to best; also those of a consultation's rating."""

    POOR = 1, "Tidak baik"
    FAIR = 2, "Kurang baik"
    GOOD = 3, "Baik"
    EXCELLENT = 4, "Sangat baik"


class Gender(models.TextChoices):
    FEMALE = "perempuan", "Perempuan"
    MALE = "laki_laki", "Laki-laki"


class Education(models.TextChoices):
    SCHOOL = "sma", "SMA/sederajat atau di bawahnya"
    DIPLOMA = "diploma", "Diploma"
    BACHELOR = "s1", "Sarjana (D-IV/S-1)"
    POSTGRADUATE = "s2", "Magister (S-2) atau di atasnya"


class Occupation(models.TextChoices):
    CIVIL_SERVANT = "asn", "ASN (PNS/PPPK)"
    MILITARY_POLICE = "tni_polri", "TNI/Polri"
    PRIVATE = "swasta", "Pegawai swasta"
    SELF_EMPLOYED = "wirausaha", "Wirausaha"
    STUDENT = "pelajar", "Pelajar/mahasiswa"
    OTHER = "lainnya", "Lainnya"


class SurveySource(models.TextChoices):
    """Where the survey was reached from."""

    POSTER = "poster", "Kode QR di loket"
    INVITATION = "undangan", "Undangan setelah konsultasi"


class Quality(models.TextChoices):
    """The letters of service quality, with the performance each stands for."""

    A = "A", "Sangat baik"
    B = "B", "Baik"
    C = "C", "Kurang baik"
    D = "D", "Tidak baik"
