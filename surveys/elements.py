"""The nine elements of the Survei Kepuasan Masyarakat (PermenPANRB 14/2017).

Elements are known by their names, never by their numbers: sources disagree on the order of the last two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Element:
    """`answers` go from the worst to the best, scores 1 to 4."""

    name: str
    label: str
    question: str
    answers: tuple[str, str, str, str]

    @property
    def choices(self) -> list[tuple[int, str]]:
        return list(enumerate(self.answers, start=1))


ELEMENTS: Final = (
    Element(
        "requirements",
        "Persyaratan",
        "Apakah persyaratan yang diminta sesuai dengan layanan yang Bapak/Ibu perlukan?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
    ),
    Element(
        "procedure",
        "Sistem, mekanisme, dan prosedur",
        "Apakah tata cara memperoleh layanan ini mudah?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
    ),
    Element(
        "time",
        "Waktu penyelesaian",
        "Apakah layanan diberikan dengan cepat?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
    ),
    Element(
        "cost",
        "Biaya/tarif",
        "Apakah Bapak/Ibu diminta membayar untuk layanan ini? Layanan seharusnya tidak dipungut biaya.",
        ("Diminta membayar mahal", "Diminta membayar cukup mahal", "Diminta membayar sedikit", "Gratis"),
    ),
    Element(
        "product",
        "Produk spesifikasi jenis pelayanan",
        "Apakah hasil layanan sesuai dengan yang dijanjikan pada standar pelayanan?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
    ),
    Element(
        "competence",
        "Kompetensi pelaksana",
        "Apakah petugas menguasai persoalan yang Bapak/Ibu tanyakan?",
        ("Tidak menguasai", "Kurang menguasai", "Menguasai", "Sangat menguasai"),
    ),
    Element(
        "conduct",
        "Perilaku pelaksana",
        "Apakah petugas melayani dengan sopan dan ramah?",
        (
            "Tidak sopan dan tidak ramah",
            "Kurang sopan dan kurang ramah",
            "Sopan dan ramah",
            "Sangat sopan dan ramah",
        ),
    ),
    Element(
        "complaints",
        "Penanganan pengaduan, saran, dan masukan",
        "Apakah pengaduan, saran, dan masukan ditangani dengan baik?",
        (
            "Tidak ada salurannya",
            "Ada, tetapi tidak berfungsi",
            "Ada, kurang berfungsi",
            "Ditangani dengan baik",
        ),
    ),
    Element(
        "facilities",
        "Sarana dan prasarana",
        "Apakah sarana layanan, baik ruang tunggu maupun halaman ini, memadai?",
        ("Tidak memadai", "Kurang memadai", "Memadai", "Sangat memadai"),
    ),
)
