"""How an office words its letters to stakeholders: plain text with placeholders such as {nomor}.

The defaults are the template files of `templates/notifications/`; what an administrator writes instead knows names in
braces and nothing else. `PLACEHOLDERS` says which piece of a template each name stands for, so that a default can be
shown in the administrator's spelling, and a name be filled with what the template would have said there.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.template import Context, Engine

from notifications.enums import LetterKind
from notifications.foot import foot
from notifications.models import MessageText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.template import Template

    from offices.models import Office

NOBODY: Final = secrets.token_hex(16)  # stands where a name would come; nothing anybody writes can hold it
OwnTexts = dict[tuple[int, str], MessageText]
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
ENDING = re.compile(r'{% include "(notifications/_to_stakeholder_end(?:ed)?\.txt)" %}')


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`source` is the piece of the template it stands for, `meaning` and `example` what an administrator reads."""

    source: str
    meaning: str
    example: str


def _part(name: str) -> str:
    return f'{{% include "notifications/_{name}.txt" %}}'


PLACEHOLDERS: Final = {
    "nama": Placeholder("{{ name }}", "Nama penerima", "Siti Aminah"),
    "nomor": Placeholder("{{ consultation.number }}", "Nomor konsultasi", "MTR-2026-000123"),
    "perihal": Placeholder("{{ consultation.subject }}", "Perihal konsultasi", "Retur SP2D"),
    "status": Placeholder("{{ consultation.get_status_display }}", "Status konsultasi", "Diproses"),
    "tautan": Placeholder(
        "{{ url }}", "Tautan pribadi menuju konsultasi", "https://cso.contoh.id/lacak/contoh/"
    ),
    "kantor": Placeholder("{{ office.full_name }}", "Nama lengkap kantor", "KPPN"),
    "tanda_tangan": Placeholder(_part("signature"), "Penutup surat: kantor dan telepon", "Hormat kami"),
    "isi": Placeholder(
        "{{ entry.text }}",
        "Yang ditulis petugas",
        "Retur dapat diajukan kembali setelah rekening diperbaiki.",
    ),
    "diterima": Placeholder(
        "{{ received }}", "Waktu pertanyaan diterima", "Jumat, 20 November 2026 pukul 10.00 WITA"
    ),
    "batas_waktu": Placeholder("{{ due }}", "Batas waktu jawaban", "Rabu, 25 November 2026 pukul 17.00 WITA"),
    "batas_waktu_semula": Placeholder(
        "{{ before }}", "Batas waktu sebelum disesuaikan", "Selasa, 24 November 2026 pukul 17.00 WITA"
    ),
    "janji": Placeholder(
        _part("promise"),
        "Sampai kapan kami menjawab, atau permohonan maaf apabila terlambat",
        "Kami akan menyampaikan jawaban paling lambat Rabu, 25 November 2026 pukul 17.00 WITA.",
    ),
    "hari": Placeholder("{{ day }}", "Hari kerja yang dilaporkan", "23 November 2026"),
    "masa": Placeholder(
        "{{ period }}",
        "Masa tanpa kabar perkembangan dari petugas",
        "pada 23 November 2026 sampai pukul 17.00 WITA",
    ),
    "target": Placeholder(
        _part("target"),
        "Batas waktu jawaban, atau permohonan maaf apabila terlambat",
        "Pertanyaan Bapak/Ibu masih dalam penyelesaian; batas waktu jawaban Rabu, 25 November 2026 pukul 17.00 WITA.",
    ),
    "target_otomatis": Placeholder(
        _part("target_automatic"),
        "Batas waktu jawaban, atau permohonan maaf apabila terlambat",
        "Batas waktu jawaban: Rabu, 25 November 2026 pukul 17.00 WITA.",
    ),
    "dasar": Placeholder(
        _part("basis"), "Dasar hukum yang dikutip petugas, apabila ada", "Dasar:\n- PMK Nomor 62 Tahun 2023"
    ),
    "dokumen": Placeholder(_part("documents"), "Daftar dokumen", "- Rekening koran\n- Surat pernyataan"),
    "catatan": Placeholder(
        "{{ note }}", "Catatan petugas, apabila ada", "Mohon salinan yang telah dilegalisasi."
    ),
    "batas_tetap": Placeholder(
        _part("due_kept"),
        "Kalimat bahwa batas waktu tetap, selama belum terlewati",
        "Batas waktu jawaban kami tetap Rabu, 25 November 2026 pukul 17.00 WITA.",
    ),
    "tanpa_dokumen": Placeholder(
        _part("without_documents"),
        "Kalimat tentang jawaban tanpa dokumen",
        "Tanpa dokumen tersebut, kami akan menjawab berdasarkan data yang ada.",
    ),
    "nama_dokumen": Placeholder("{{ item.name }}", "Dokumen yang belum sesuai", "Rekening koran"),
    "alasan": Placeholder("{{ item.reason }}", "Alasan dokumen belum sesuai", "Halaman kedua tidak terbaca."),
    "pejabat": Placeholder("{{ head }}", "Pejabat yang dimintai arahan", "Kepala Seksi Bank"),
    "dibuka_sampai": Placeholder(
        "{{ reopen_until }}",
        "Waktu terakhir untuk membuka kembali",
        "Rabu, 2 Desember 2026 pukul 17.00 WITA",
    ),
    "instansi": Placeholder("{{ agency }}", "Instansi yang berwenang", "Kantor Pelayanan Pajak"),
    "survei": Placeholder(
        "{{ survey_url }}", "Tautan survei kepuasan", "https://cso.contoh.id/mataram/survei/contoh/"
    ),
    "penilaian": Placeholder(
        "{{ rating_url }}", "Tautan untuk menilai jawaban", "https://cso.contoh.id/lacak/nilai/contoh/"
    ),
    "kanal": Placeholder("{{ channel }}", "Cara menghubungi instansi", "telepon 1500200"),
    "masa_berlaku": Placeholder("{{ valid_for }}", "Lama tautan berlaku", "30 menit"),
}
EVERYWHERE: Final = ("nama", "tautan", "kantor", "tanda_tangan")
OF_ONE_CONSULTATION: Final = ("nomor", "perihal")
ABOUT_SEVERAL: Final = frozenset({LetterKind.MY_CONSULTATIONS})
# What the standard owes its stakeholder in each letter, and what somebody wrote or asked in it. All have the link.
REQUIRED: Final[Mapping[LetterKind, frozenset[str]]] = {
    kind: frozenset({*names.split(), "tautan"})
    for kind, names in {
        LetterKind.RECEIVED: "nomor janji",
        LetterKind.REPLIED: "isi dasar target",
        LetterKind.PROGRESS: "isi target",
        LetterKind.PROGRESS_AUTOMATIC: "status target_otomatis",
        LetterKind.DOCUMENTS_REQUESTED: "dokumen catatan batas_tetap",
        LetterKind.DOCUMENTS_REMINDER: "dokumen tanpa_dokumen",
        LetterKind.DOCUMENT_REJECTED: "nama_dokumen alasan",
        LetterKind.ESCALATED: "pejabat target",
        LetterKind.DEADLINE_MOVED: "batas_waktu_semula batas_waktu",
        LetterKind.RESOLVED: "isi dasar dibuka_sampai penilaian",
        LetterKind.REOPENED: "batas_waktu",
        LetterKind.CLOSED: "survei",
        LetterKind.REFERRED: "instansi kanal",
        LetterKind.CANCELLED: "isi",
        LetterKind.TRACKING_LINK: "nomor",
        LetterKind.MY_CONSULTATIONS: "masa_berlaku",
    }.items()
}
RESOLVED: Final = "Selesai (Resolved)"  # the product of the standard, named in the answer itself
ENDED: Final = {
    LetterKind.RESOLVED: RESOLVED,
    LetterKind.CLOSED: "Ditutup",
    LetterKind.REFERRED: "Dirujuk",
    LetterKind.CANCELLED: "Dibatalkan",
}


def default_text(kind: LetterKind) -> tuple[str, str]:
    """Subject and body of the template file, with placeholders in place of the template's own language."""
    text = ENDING.sub(lambda found: _source(found[1]), _source(f"notifications/{kind}.txt"))
    for name, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder.source, f"{{{name}}}")
    subject, _, body = text.strip().partition("\n")
    return subject, f"{body.strip()}\n"


def placeholders(kind: LetterKind) -> dict[str, Placeholder]:
    """What may be used in a kind of letter: what its default says, and what any letter knows."""
    known = {*_names("\n".join(default_text(kind))), *EVERYWHERE}
    if kind not in ABOUT_SEVERAL:
        known.update(OF_ONE_CONSULTATION)
    return {name: each for name, each in PLACEHOLDERS.items() if name in known}


def validate(kind: LetterKind, text: str, *, is_body: bool) -> None:
    """Raises ValidationError, in the administrator's words, for a text that could not be filled.

    A body must also keep what its kind is required to say.
    """
    allowed = placeholders(kind)
    try:
        names = _names(text)
    except ValueError:
        raise ValidationError(
            "Kurung kurawal tidak berpasangan. Isian ditulis seperti {nomor}; kurung kurawal biasa ditulis {{ atau }}."
        ) from None
    if unknown := sorted(names - allowed.keys()):
        raise ValidationError(f"Isian {_braced(unknown)} tidak dikenal untuk pesan ini.")
    if is_body and (missing := _missing(kind, text, names)):
        raise ValidationError(f"Isi wajib memuat {missing}.")


def _missing(kind: LetterKind, text: str, names: set[str]) -> str:
    """The required parts that a body lacks, in words; empty when it has all."""
    missing = [f"{{{name}}}" for name in PLACEHOLDERS if name in REQUIRED[kind] - names]
    if kind == LetterKind.RESOLVED and RESOLVED not in " ".join(text.split()):
        missing.insert(0, f"kata “{RESOLVED}”")
    return ", ".join(missing)


def own_texts(letters: Iterable[tuple[int, str]]) -> OwnTexts:
    """The offices' own wording for these pairs of office id and kind; at most one query."""
    known = frozenset(LetterKind.values)
    wanted = {(office_id, kind) for office_id, kind in letters if kind in known}
    if not wanted:
        return {}
    offices, kinds = zip(*wanted, strict=True)
    rows = MessageText.objects.filter(office__in=offices, kind__in=kinds)
    return {(row.office_id, row.kind): row for row in rows}


def render(template: str, context: Mapping[str, Any], own: MessageText | None = None) -> tuple[str, str]:
    """Subject and body of a letter: in the office's own words where it has some, else from the template file.

    One to a stakeholder ends with its foot either way. With an empty `name` nobody is named, nor a gap left for it.
    """
    if context.get("name") == "":
        context = {**context, "name": NOBODY}
    if own is None:
        page = Engine.get_default().get_template(f"notifications/{template}.txt")
        subject, _, body = page.render(Context(dict(context), autoescape=False)).strip().partition("\n")
    else:
        values = Context(dict(context), autoescape=False)
        subject, body = (
            _fill(text, lambda name: _template(name).render(values).strip())
            for text in (own.subject, own.body)
        )
    if template in LetterKind.values:
        body = f"{body.rstrip()}\n\n{_foot_of(context)}"
    subject, body = (part.replace(f" {NOBODY}", "").replace(NOBODY, "") for part in (subject, body))
    return subject, _tidy(body)


def _foot_of(context: Mapping[str, Any]) -> str:
    consultation = context.get("consultation")
    if consultation is None:
        return foot()
    due = f"{context['due']}{' (terlewati)' if context['late'] else ''}" if consultation.is_open else ""
    return foot(number=consultation.number, status=consultation.get_status_display(), due=due)


def preview(own: MessageText, office: Office) -> tuple[str, str]:
    """Subject and body as a stakeholder would read them, filled with examples; the text must be valid."""
    values = {name: each.example for name, each in PLACEHOLDERS.items()}
    for name in ("kantor", "tanda_tangan"):
        values[name] = _template(name).render(Context({"office": office}, autoescape=False)).strip()
    subject, body = (_fill(text, values.__getitem__) for text in (own.subject, own.body))
    return subject, _tidy(f"{body.rstrip()}\n\n{foot_example(LetterKind(own.kind))}")


def foot_example(kind: LetterKind) -> str:
    """The foot of a kind of letter, filled with examples."""
    if kind in ABOUT_SEVERAL:
        return foot()
    number, status, due = (PLACEHOLDERS[name].example for name in ("nomor", "status", "batas_waktu"))
    ended = ENDED.get(kind, "")
    return foot(number=number, status=ended or status, due="" if ended else due)


def _fill(text: str, value_of: Callable[[str], str]) -> str:
    """Put values in place of names. What a value says is never read as a text again."""
    parts = Formatter().parse(text)
    return "".join(literal + (value_of(name) if name is not None else "") for literal, name, _, _ in parts)


def _names(text: str) -> set[str]:
    """The names in a text, as they are written; raises ValueError for braces that do not match."""
    return {
        "".join((name, f"!{conversion}" if conversion else "", f":{spec}" if spec else ""))
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    }


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _tidy(body: str) -> str:
    return f"{BLANK_LINES.sub(chr(10) * 2, body).strip()}\n"


def _source(path: str) -> str:
    return str(Engine.get_default().get_template(path).source)


@cache
def _template(name: str) -> Template:
    return Engine.get_default().from_string(PLACEHOLDERS[name].source)
