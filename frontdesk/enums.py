"""The closed lists of the walk-in queue."""

from django.db import models


class TicketKind(models.TextChoices):
    """The letter before the number: who waits in turn, and who is let go before."""

    REGULAR = "K", "Reguler"
    PRIORITY = "P", "Prioritas"


class PriorityReason(models.TextChoices):
    """Why a visitor is let go before; known to the desk only."""

    ELDERLY = "lansia", "Lanjut usia"
    DISABILITY = "disabilitas", "Penyandang disabilitas"
    PREGNANT = "hamil", "Ibu hamil"
    WITH_CHILD = "anak", "Membawa anak kecil"


class TicketStatus(models.TextChoices):
    WAITING = "waiting", "Menunggu"
    CALLING = "calling", "Dipanggil"
    SERVING = "serving", "Dilayani"
    DONE = "done", "Selesai"
    LEFT = "left", "Tidak hadir"


class SegmentState(models.TextChoices):
    """What a visitor's time is spent on while the visit lasts."""

    WAITING = "waiting", "Menunggu"
    CALLING = "calling", "Dipanggil"
    SERVING = "serving", "Dilayani"


AT_COUNTER = (TicketStatus.CALLING, TicketStatus.SERVING)
PRESENT = (TicketStatus.WAITING, *AT_COUNTER)


class SessionOutcome(models.TextChoices):
    """How the service of a visitor ended."""

    RESOLVED = "selesai", "Selesai (Resolved) di tempat"
    FOLLOW_UP = "tindak_lanjut", "Perlu tindak lanjut"
    DOCUMENTS = "dokumen", "Dokumen diminta"
    ESCALATED = "eskalasi", "Dieskalasi kepada kepala unit"
    REFERRED = "dirujuk", "Dirujuk ke instansi lain"
    FORM_ONLY = "formulir", "Hanya mengambil formulir"
    LEFT = "pergi", "Pengunjung pergi"
    HANDED_ON = "dialihkan", "Dialihkan ke loket lain"
    NOT_SERVED = "tidak_jadi", "Tidak jadi dilayani"


UNIDENTIFIED = (SessionOutcome.HANDED_ON, SessionOutcome.NOT_SERVED)  # served elsewhere, or not at all
UNSERVED = (SessionOutcome.LEFT, *UNIDENTIFIED)
UNASKED = (SessionOutcome.FORM_ONLY, *UNSERVED)
BY_RECEPTIONIST = (SessionOutcome.FOLLOW_UP, *UNASKED)
