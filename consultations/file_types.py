"""The kinds of file the desk accepts, how each is known from outside, and in which words a file is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

PRINT_ANEW = (
    "Silakan buka berkasnya, pilih Cetak dengan printer “Microsoft Print to PDF” atau “Simpan sebagai PDF”, "
    "lalu unggah hasilnya."
)
OR_AS_PDF = "atau simpan sebagai PDF (Berkas > Simpan Sebagai > PDF), lalu unggah kembali."


class Refusal(Enum):
    """Why a file is not taken, in words for whoever sent it."""

    EMPTY = "Berkas kosong. Silakan periksa dan pilih kembali berkasnya."
    TOO_LARGE = "Ukuran berkas melebihi 5 MB."
    TYPE = "Jenis berkas tidak dapat diterima. Silakan kirim sebagai PDF, JPEG, PNG, XLSX, atau DOCX."
    DAMAGED = "Berkas rusak atau tidak lengkap. Silakan simpan ulang, lalu unggah kembali."
    LOCKED = "Berkas PDF dikunci kata sandi. Silakan kirim versi yang tidak dikunci."
    TOO_LARGE_INSIDE = (
        "Isi berkas terlalu besar setelah dibuka. Silakan kirim bagian yang diperlukan saja, "
        "atau foto/pindai ulang dengan mutu yang lebih rendah."
    )
    TOO_COSTLY = (
        "Berkas terlalu rumit untuk diperiksa. Silakan cetak ulang ke PDF (Cetak > “Microsoft Print to PDF”), "
        "atau kirim bagian yang diperlukan saja."
    )
    ACTIVE_PDF = (
        f"Berkas PDF memuat skrip, perintah, atau formulir aktif yang dapat bekerja sendiri. {PRINT_ANEW}"
    )
    FILES_IN_PDF = f"Berkas PDF memuat berkas atau media lain di dalamnya. {PRINT_ANEW}"
    LINKED_PDF = f"Berkas PDF memuat tautan ke berkas lain atau ke folder jaringan. {PRINT_ANEW}"
    MACROS = f"Berkas memuat makro atau objek aktif. Silakan simpan ulang sebagai XLSX/DOCX tanpa makro, {OR_AS_PDF}"
    OBJECTS = (
        "Berkas memuat berkas atau objek lain yang disisipkan. Silakan hapus objek itu atau tempelkan sebagai gambar, "
        f"simpan ulang, {OR_AS_PDF}"
    )
    LINKED_OFFICE = (
        "Berkas terhubung ke berkas, templat, data, gambar, atau folder di luar berkas ini. Silakan putuskan tautannya "
        f"(Excel: Data > Edit Tautan; Word: Berkas > Info > Edit Tautan ke Berkas), simpan ulang, {OR_AS_PDF}"
    )
    COMMANDS = (
        "Berkas memuat rumus atau bidang yang mengambil isi dari luar (misalnya DDE). Silakan ubah menjadi nilai atau teks "
        f"biasa (Excel: Tempel Nilai; Word: Ctrl+A lalu Ctrl+Shift+F9), simpan ulang, {OR_AS_PDF}"
    )

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: `label` names it, to people and to the process that examines it."""

    label: str
    content_type: str
    extensions: tuple[str, ...]


PDF = FileType("PDF", "application/pdf", (".pdf",))
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif"))
PNG = FileType("PNG", "image/png", (".png",))
XLSX = FileType("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
DOCX = FileType("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
ACCEPTED = (PDF, JPEG, PNG, XLSX, DOCX)
SIGNATURE_BYTES = 8
SIGNATURES: dict[bytes, tuple[FileType, ...]] = {
    b"%PDF-": (PDF,),
    b"\xff\xd8\xff": (JPEG,),
    b"\x89PNG\r\n\x1a\n": (PNG,),
    b"PK\x03\x04": (XLSX, DOCX),
}


def types_begun_by(head: bytes) -> tuple[FileType, ...]:
    """The types a file may have that begins with these bytes; none for a file that is not accepted."""
    for signature, kinds in SIGNATURES.items():
        if head.startswith(signature):
            return kinds
    return ()
