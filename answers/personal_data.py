"""What in a text could tell who asked: people, their numbers and their offices. Pure; no database.

Before an answer becomes public, somebody looks at each place found here and removes it or says that it is harmless.
It rather finds too much: a harmless word costs one tick, an overlooked name is public.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class DataKind(Enum):
    """What was found, in the order in which one reading of a place goes before another."""

    EMAIL = "alamat surel"
    CONSULTATION = "nomor konsultasi"
    NIP = "NIP"
    IDENTITY = "NIK atau NPWP"
    RECEIPT = "NTPN"
    ACCOUNT = "nomor rekening atau nomor panjang lain"
    PHONE = "nomor telepon"
    KNOWN = "data penanya"
    SATKER_CODE = "kode satker"
    SATKER = "nama satker atau instansi"
    NAME = "nama orang"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a text: `text[start:end]`."""

    kind: DataKind
    start: int
    end: int
    value: str

    @property
    def key(self) -> str:
        """The same for the same value wherever and however spaced it stands: who judged one has judged all."""
        return f"{self.kind.name}:{' '.join(self.value.split()).casefold()}"


SPACE = r"[^\S\n]"  # a name or number does not go on in the next line
WORD = r"[A-Z][\w'’]{0,30}(?:-[A-Z][\w'’]{0,30}){0,2}"
PROPER = rf"{WORD}(?:{SPACE}{{1,3}}{WORD}){{0,7}}"  # bounded, so that no text takes long
# Words that an address of respect, a role or an office may be followed by without naming anybody.
NOBODY = (
    r"(?:Ibu|Bapak|Saudara|Yth|Kepala|Bendahara|Pejabat|Petugas|Operator|Admin|Pengelola|Kuasa|PPK|PPSPM|KPA|PPABP|PNS|PPPK|"
    r"KPPN|DJPb|Satker|Satuan|Kerja|Seksi|Subbagian|Pimpinan|Staf|Pegawai|Penyedia|Rekanan|Mitra|Pemohon|Penerima|SAKTI|"
    r"SPAN|OM|SPM|SPP|SP2D|UP|TUP|GUP|DIPA|Negara|Daerah|Pusat|Umum|Menteri|Direktur|Direktorat|Dirjen|Mohon|Silakan)\b"
)
TITLES = r"(?:Drs?|Dra|Hj?|Ir|Prof|apt|KH|TGH|R)\."
HONORIFIC = r"(?:[Bb]apak|BAPAK|[Ii]bu|IBU|[Pp]ak|[Bb]u|[Bb]pk|[Ss]audar[ai]|[Ss]dri?|[Mm]as|[Mm]bak|[Nn]y|[Tt]n)\b\.?"
NAMED = r"(?:[Aa]tas nama|\b[Aa]\.?n\.?|[Bb]ernama|[Nn]ama(?: lengkap| penerima| pegawai| bendahara)?\s*:|[Ss]aya,)"
DEGREE = r",\s*(?:S\.?\s?(?:E|H|T|Kom|Sos|Pd|IP|AP|Ak|ST|Si|Kep|Farm)|M\.?\s?(?:M|Si|Ak|Kom|Pd|H|AP|T)|SE|SH|ST|MM|Ak|A\.?Md)\b\.?"
LOCAL_NAMES = (
    r"(?:Ni (?:Luh|Made|Putu|Nyoman|Ketut|Wayan|Kadek|Komang)|I (?:Gede|Made|Putu|Nyoman|Ketut|Wayan|Gusti|Kadek|Komang|Gst)|"
    r"Baiq|Lalu|Siti|Muhammad|Moh\.|Muh\.|Andi|Gusti|Ida Bagus|Anak Agung|Desak|Dewa|Sang)"
)
INSTITUTION = (
    r"(?:Badan|Balai(?: Besar)?|Dinas|Kantor|Kejaksaan|Kementerian|Kecamatan|Kelurahan|Desa|Kodim|Korem|Kodam|Lanal|Lanud|"
    r"Lapas|Rutan|Loka|MAN|MTsN?|MIN|Madrasah|Mahkamah|Pengadilan|Polda|Polres(?:ta)?|Polsek|Politeknik|Poltekkes|Puskesmas|"
    r"RS|RSUD|Rumah Sakit|SMA|SMK|SMP|SD|Sekolah|Stasiun|Universitas|Institut|UIN|IAIN|BPS|BNN[KP]?|BPN|BPKAD|BKAD|KPU|KUA|"
    r"Bawaslu|Kanwil|Bank|PT|CV|UD|Yayasan|Koperasi)\.?"
)
# Institutions that everybody deals with: naming them tells nothing about who asked.
COMMON_INSTITUTION = (
    r"(?:Bank (?:Persepsi|Operasional|Indonesia|Umum|Penerima|Penerbit|Mandiri|Himbara)|Kantor (?:Pusat|Pelayanan|Wilayah)|"
    r"Kanwil DJPb?|Badan (?:Layanan Umum|Pemeriksa Keuangan|Kepegawaian Negara|Pengawasan)|"
    r"Kementerian (?:Keuangan|Negara|Lembaga|PANRB))"
)

SPEAKING = (
    (DataKind.EMAIL, r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    (DataKind.CONSULTATION, r"\b[A-Z]{2,6}-20\d{2}-\d{6}\b"),
    (DataKind.NIP, r"(?<![\d.])(?:19|20)\d{6}[ .-]?\d{6}[ .-]?[12][ .-]?\d{3}(?![\d])"),
    (DataKind.IDENTITY, r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)|(?<!\d)\d{16}(?!\d)"),
    (DataKind.RECEIPT, r"\b(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{16}\b"),
    (
        DataKind.ACCOUNT,
        r"(?i:\b(?:rekening|rek|norek|virtual account|va)\b)[^\d\n]{0,40}(?P<found>\d(?:[ .-]?\d){5,})",
    ),
    (DataKind.PHONE, r"(?<![\d.,/-])(?:\+62|62|\(?0)[ .()-]{0,2}\d(?:[ .()-]{0,2}\d){6,11}(?![\d/])"),
    (DataKind.ACCOUNT, r"(?<![\d.,-])\d(?:[ -]?\d){9,}(?![\d.,]\d)"),
    (
        DataKind.SATKER_CODE,
        r"(?i:\b(?:kode )?(?:satker|satuan kerja)\b)[^\d\n]{0,20}(?P<found>\d{6})(?!\d)|(?<![\d.,/-])\d{6}(?![\d.,/-]*\d)",
    ),
    (
        DataKind.SATKER,
        (
            rf"\b(?!{COMMON_INSTITUTION}){INSTITUTION}(?:{SPACE}{{1,3}}(?:{WORD}|dan|\d{{1,4}})){{0,8}}{SPACE}{{1,3}}(?:{WORD}|\d{{1,4}})"
            rf"|(?:\b[Ss]atker|\b[Ss]atuan [Kk]erja){SPACE}+(?P<found>(?!{NOBODY}|{COMMON_INSTITUTION}){PROPER})"
        ),
    ),
    (
        DataKind.NAME,
        (
            rf"\b{HONORIFIC}{SPACE}+(?P<found>(?:{TITLES}{SPACE}*)*(?!{NOBODY}){PROPER})"
            rf"|{NAMED}{SPACE}*(?P<named>(?:{HONORIFIC}{SPACE}+)?(?:{TITLES}{SPACE}*)*(?!{NOBODY}){PROPER})"
            rf"|(?<![\w-])(?P<graduate>{PROPER}){DEGREE}"
            rf"|\b{LOCAL_NAMES}{SPACE}+(?!{NOBODY}){PROPER}"
        ),
    ),
)
PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in SPEAKING)
GROUPS = ("found", "named", "graduate")
# "akun 521211, 522151 dan 524111": six digits of the chart of accounts, not of a satker.
ACCOUNT_CODES = re.compile(r"(?i:\b(?:akun|mak|bas)\b)(?:[^\d\n]{0,12}\d{4,6})+")
SHORTEST_KNOWN_WORD = 4
SHORTEST_KNOWN = 3


def find_personal_data(text: str, known: Iterable[str] = ()) -> list[Finding]:
    """Every place that could tell who asked, from left to right, none inside another.

    `known` is what the desk knows of the person: name, contact, NIP, satker. It is found in any spelling of
    capitals and digits, a name also by each of its longer words.
    """
    taken = [False] * len(text)
    spared = {match.span() for match in ACCOUNT_CODES.finditer(text)}
    found = []
    for finding in (*_known_places(text, known), *_patterned_places(text)):
        is_spared = finding.kind is DataKind.SATKER_CODE and any(
            start <= finding.start and finding.end <= end for start, end in spared
        )
        if not is_spared and not any(taken[finding.start : finding.end]):
            taken[finding.start : finding.end] = [True] * (finding.end - finding.start)
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def pieces(text: str, findings: Iterable[Finding]) -> Iterator[tuple[str, Finding | None]]:
    """The text cut at its findings, for a page that marks them; joined it is the text again."""
    end = 0
    for finding in findings:
        if finding.start > end:
            yield text[end : finding.start], None
        yield finding.value, finding
        end = finding.end
    if end < len(text):
        yield text[end:], None


def _known_places(text: str, known: Iterable[str]) -> Iterator[Finding]:
    whole = sorted(
        {value.strip() for value in known if len(value.strip()) >= SHORTEST_KNOWN}, key=len, reverse=True
    )
    for value in whole:
        digits = re.sub(r"\D", "", value)
        if len(digits) >= len(value) - 4 and len(digits) > SHORTEST_KNOWN_WORD:
            # 0812..., +62812... and 0812-3456-7890 are one number
            national = digits.removeprefix("62")
            pattern = r"(?<!\d)(?:\+?62[ .()-]*|0)?" + r"[ .()-]{0,2}".join(national) + r"(?!\d)"
        else:
            pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, value.split())) + r"(?!\w)"
        yield from _places(DataKind.KNOWN, re.compile(pattern, re.IGNORECASE), text)
    for word in {word for value in whole for word in re.findall(r"[^\W\d_]+", value)}:
        if len(word) >= SHORTEST_KNOWN_WORD and not re.fullmatch(NOBODY, word.capitalize()):
            # With a capital only: "Lestari" is a name, "lestari" a word.
            spellings = {word.capitalize(), word.upper()}
            pattern = rf"(?<![\w@.])(?:{'|'.join(map(re.escape, sorted(spellings)))})(?!\w)"
            yield from _places(DataKind.KNOWN, re.compile(pattern), text)


def _patterned_places(text: str) -> Iterator[Finding]:
    for kind, pattern in PATTERNS:
        yield from _places(kind, pattern, text)


def _places(kind: DataKind, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        named = match.groupdict()
        group: str | int = next((name for name in GROUPS if named.get(name)), 0)
        yield Finding(kind, match.start(group), match.end(group), match[group])
