"""The closed lists of a consultation's life."""

from django.db import models


class Status(models.TextChoices):
    NEW = "new", "Baru"
    IN_PROGRESS = "in_progress", "Diproses"
    AWAITING_DOCUMENTS = "awaiting_documents", "Menunggu dokumen"
    ESCALATED = "escalated", "Dieskalasi"
    RESOLVED = "resolved", "Selesai (Resolved)"
    CLOSED = "closed", "Ditutup"
    REFERRED = "referred", "Dirujuk"
    CANCELLED = "cancelled", "Dibatalkan"


OPEN_STATUSES = (Status.NEW, Status.IN_PROGRESS, Status.AWAITING_DOCUMENTS, Status.ESCALATED)
ANSWERED_STATUSES = (Status.RESOLVED, Status.CLOSED)


class Channel(models.TextChoices):
    """The two ways the standard knows; the source says more exactly where the question came in."""

    TATAP_MUKA = "tatap_muka", "Tatap muka"
    ONLINE = "online", "Online"


class Source(models.TextChoices):
    COUNTER = "loket", "Loket"
    FORM = "formulir", "Formulir"
    HAI_CSO = "hai_cso", "HAI CSO"
    WHATSAPP = "whatsapp", "WhatsApp"
    PHONE = "telepon", "Telepon"
    EMAIL = "email", "Surel"
    LETTER = "surat", "Surat"

    @property
    def channel(self) -> Channel:
        """Only the counter is face to face."""
        return Channel.TATAP_MUKA if self is Source.COUNTER else Channel.ONLINE


class Visibility(models.TextChoices):
    PUBLIC = "public", "Terlihat oleh stakeholder"
    INTERNAL = "internal", "Hanya petugas"


class ActorKind(models.TextChoices):
    OFFICER = "officer", "Petugas"
    HEAD = "head", "Kepala unit"
    STAKEHOLDER = "stakeholder", "Stakeholder"
    SYSTEM = "system", "Sistem"


class Act(models.TextChoices):
    """Everything that can happen to a consultation; also the kind of its timeline entry."""

    OPEN = "open", "Konsultasi diterima"
    TAKE = "take", "Ditangani petugas"
    TAKE_OVER = "take_over", "Diambil alih"
    REPLY = "reply", "Balasan petugas"
    NOTE = "note", "Catatan internal"
    MESSAGE = "message", "Pesan stakeholder"
    REQUEST_DOCUMENTS = "request_documents", "Permintaan dokumen pendukung"
    RECEIVE_DOCUMENTS = "receive_documents", "Dokumen diterima"
    REVIEW_DOCUMENT = "review_document", "Dokumen diperiksa"
    WITHHOLD_FILE = "withhold_file", "Berkas ditahan"
    POST_PROGRESS = "post_progress", "Progres"
    ESCALATE = "escalate", "Eskalasi"
    ACCEPT_ESCALATION = "accept_escalation", "Eskalasi diterima"
    ANSWER_ESCALATION = "answer_escalation", "Arahan kepala unit"
    RETURN_ESCALATION = "return_escalation", "Eskalasi dikembalikan"
    FORWARD_ESCALATION = "forward_escalation", "Eskalasi diteruskan"
    WITHDRAW_ESCALATION = "withdraw_escalation", "Eskalasi ditarik"
    RESOLVE = "resolve", "Selesai (Resolved)"
    CLOSE = "close", "Ditutup"
    REOPEN = "reopen", "Dibuka kembali"
    REFER = "refer", "Dirujuk"
    CANCEL = "cancel", "Dibatalkan"
    CATEGORISE = "categorise", "Kategori diubah"
    RECORD_CONTACT = "record_contact", "Kontak person dicatat"
    RECORD_CALL = "record_call", "Dihubungi lewat telepon"
    LINK = "link", "Konsultasi ditautkan"
    SHOW_LINK = "show_link", "Tautan pribadi ditampilkan"
    SEND_LINK = "send_link", "Tautan pribadi dikirim ulang"
    RENEW_LINK = "renew_link", "Tautan pribadi diganti"
    REMIND_PROGRESS = "remind_progress", "Pengingat progres"
    MISS_PROGRESS = "miss_progress", "Progres terlewat"
    WARN_DEADLINE = "warn_deadline", "Peringatan batas waktu"
    MARK_LATE = "mark_late", "Batas waktu terlewati"
    REMIND_LATE = "remind_late", "Pengingat keterlambatan"
    REMIND_DOCUMENTS = "remind_documents", "Pengingat dokumen"
    REMIND_HEAD = "remind_head", "Pengingat arahan kepala unit"
    MOVE_DEADLINE = "move_deadline", "Batas waktu disesuaikan"
    FAIL_LETTER = "fail_letter", "Pesan tidak terkirim"
    DELIVER_LETTER = "deliver_letter", "Pesan terkirim kemudian"


class DocumentStatus(models.TextChoices):
    REQUESTED = "requested", "Diminta"
    RECEIVED = "received", "Diterima, menunggu pemeriksaan"
    ACCEPTED = "accepted", "Sesuai"
    REJECTED = "rejected", "Belum sesuai"
    WAIVED = "waived", "Tidak diperlukan lagi"


class FileState(models.TextChoices):
    """Whether a file may be handed out; one is quarantined until the virus scanner has found it clean."""

    READY = "ready", "Dapat diunduh"
    QUARANTINED = "quarantined", "Sedang diperiksa"
    INFECTED = "infected", "Ditahan: memuat program berbahaya"


OUTSTANDING_DOCUMENT_STATUSES = (DocumentStatus.REQUESTED, DocumentStatus.REJECTED)


class ProgressChannel(models.TextChoices):
    """How a progress reached the stakeholder."""

    EMAIL = "email", "Surel"
    PHONE = "telepon", "Telepon"
    WHATSAPP = "whatsapp", "WhatsApp"
    IN_PERSON = "langsung", "Disampaikan langsung"


class ContactChannel(models.TextChoices):
    """Through what the contact person gets news; with PHONE an officer calls."""

    EMAIL = "email", "Surel"
    WHATSAPP = "whatsapp", "WhatsApp"
    PHONE = "telepon", "Telepon"


class TimerKind(models.TextChoices):
    PROGRESS_REMINDER = "progress_reminder", "Pengingat progres"
    PROGRESS_CHECK = "progress_check", "Pemeriksaan progres"
    DEADLINE_WARNING = "deadline_warning", "Peringatan batas waktu"
    DEADLINE = "deadline", "Batas waktu"
    LATE_REMINDER = "late_reminder", "Pengingat keterlambatan"
    DOCUMENT_REMINDER = "document_reminder", "Pengingat dokumen"
    HEAD_ANSWER = "head_answer", "Arahan kepala unit"
    AUTO_CLOSE = "auto_close", "Penutupan otomatis"


class Holder(models.TextChoices):
    """Whose turn it is while a question waits for its answer."""

    DESK = "desk", "Petugas"
    UNIT_HEAD = "unit_head", "Kepala unit"
    STAKEHOLDER = "stakeholder", "Stakeholder"


class News(models.TextChoices):
    """What has come in since an officer last acted, in the order in which rows name it."""

    REPLY = "balasan", "balasan masuk"
    DOCUMENT = "dokumen", "dokumen masuk"
    DOCUMENTS = "dokumen_lengkap", "dokumen lengkap"
    REOPENED = "dibuka_kembali", "dibuka kembali"
    DIRECTION = "arahan", "arahan kepala"
    RETURNED = "dikembalikan", "dikembalikan kepala"


class LinkKind(models.TextChoices):
    FOLLOW_UP = "lanjutan", "Lanjutan dari"
    SPLIT = "pecahan", "Dipecah dari"
    DUPLICATE = "duplikat", "Duplikat dari"
    RELATED = "terkait", "Terkait dengan"


class Doubt(models.TextChoices):
    """What makes a question from the public form look like a program's."""

    TRAP = "jebakan", "Mengisi kolom yang tidak terlihat"
    TOO_QUICK = "cepat", "Dikirim kurang dari 2 detik setelah formulir dibuka"
    TOO_OLD = "lama", "Formulir dibuka lebih dari sehari yang lalu"
    NO_PROOF = "tanpa_kerja", "Dikirim tanpa JavaScript, atau oleh program"
    SPENT_PROOF = "kerja_terpakai", "Halaman yang sama sudah dipakai untuk kiriman lain"
    LINKS = "tautan", "Memuat banyak tautan"
    NETWORK = "jaringan", "Banyak kiriman dari jaringan yang sama dalam waktu singkat"
    CROWD = "ramai", "Kiriman kepada kantor ini jauh lebih banyak daripada biasanya"
