"""The closed lists about messages."""

from django.db import models


class MessageChannel(models.TextChoices):
    EMAIL = "surel", "Surel"
    WHATSAPP = "whatsapp", "WhatsApp"


class MessageStatus(models.TextChoices):
    QUEUED = "antre", "Antre"
    SENT = "terkirim", "Terkirim"
    FAILED = "gagal", "Gagal"


class LetterKind(models.TextChoices):
    """What the desk writes to stakeholders; each office may word it in its own way."""

    RECEIVED = "received", "Pertanyaan diterima"
    REPLIED = "replied", "Balasan petugas"
    PROGRESS = "progress", "Perkembangan dari petugas"
    PROGRESS_AUTOMATIC = "progress_automatic", "Perkembangan yang dikirim otomatis"
    DOCUMENTS_REQUESTED = "documents_requested", "Permintaan dokumen pendukung"
    DOCUMENTS_REMINDER = "documents_reminder", "Pengingat dokumen pendukung"
    DOCUMENT_REJECTED = "document_rejected", "Dokumen belum sesuai"
    ESCALATED = "escalated", "Pertanyaan dikonfirmasikan kepada kepala unit"
    DEADLINE_MOVED = "deadline_moved", "Batas waktu disesuaikan"
    RESOLVED = "resolved", "Jawaban, selesai (Resolved)"
    REOPENED = "reopened", "Dibuka kembali"
    CLOSED = "closed", "Ditutup"
    REFERRED = "referred", "Dirujuk ke instansi lain"
    CANCELLED = "cancelled", "Dibatalkan"
    TRACKING_LINK = "tracking_link", "Tautan pelacakan"
    MY_CONSULTATIONS = "my_consultations", "Tautan daftar konsultasi"
