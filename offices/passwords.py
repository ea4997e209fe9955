"""Passwords that others can guess: digits alone, or nothing beyond what is known of the person and the office."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from offices.models import Staff

SHORTEST_WORD = 3
MUST_REMAIN = 6  # letters and digits
LOOKS_LIKE = str.maketrans("013457@$!", "oieastasi")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
REPEATED = re.compile(r"(.)\1{2,}")
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
EVERYBODY_TRIES = (
    *(
        "kppn",
        "djpb",
        "kemenkeu",
        "keuangan",
        "perbendaharaan",
        "kanwil",
        "kantor",
        "satker",
        "omspan",
        "sakti",
    ),
    *(
        "admin",
        "administrator",
        "password",
        "katasandi",
        "sandi",
        "rahasia",
        "masuk",
        "kepala",
        "seksi",
        "petugas",
    ),
    *(
        "indonesia",
        "merdeka",
        "garuda",
        "bismillah",
        "sayang",
        "cinta",
        "selamat",
        "layanan",
        "konsultasi",
        "welcome",
    ),
    *("user", "pegawai", "pass", "login", "qwerty", "monyet", "jakarta"),
)


class DigitsAloneValidator:
    def validate(self, password: str, user: Staff | None = None) -> None:  # noqa: ARG002 - Django's signature
        if re.fullmatch(r"[\W\d_]+", password):
            raise ValidationError(
                "Kata sandi yang hanya berisi angka mudah ditebak. Silakan pakai beberapa kata yang tidak berkaitan.",
                code="password_digits_alone",
            )

    def get_help_text(self) -> str:
        return "Tidak hanya berisi angka."


class KnownWordsValidator:
    """Takes out of the password what others know, and looks at what remains."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        written = password.casefold()
        words = {*EVERYBODY_TRIES, *(known_words(user) if user is not None else ())}
        meant = (written, written.translate(LOOKS_LIKE), _without_rows(written).translate(LOOKS_LIKE))
        remaining = min(len(_beyond(each, words)) for each in meant)
        if remaining < MUST_REMAIN:
            raise ValidationError(
                "Kata sandi ini mudah ditebak karena hampir seluruhnya terdiri atas nama Bapak/Ibu, nama kantor, "
                "tahun, deret huruf atau angka, atau kata yang sering dipakai. Silakan tambahkan kata lain.",
                code="password_known_words",
            )

    def get_help_text(self) -> str:
        return "Tidak hanya terdiri atas nama Bapak/Ibu, nama kantor, tahun, atau kata yang sering dipakai."


def known_words(user: Staff) -> set[str]:
    """The words of a person's names and address, and of their office's."""
    texts = [user.username, user.full_name, user.email.partition("@")[0]]
    if office := user.office:
        texts += [
            office.name,
            office.full_name,
            office.slug,
            office.number_prefix,
            office.kanwil,
            office.address,
        ]
    words = {word for text in texts for word in re.split(r"[\W\d_]+", text.casefold())}
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _beyond(password: str, words: Iterable[str]) -> str:
    """The letters and digits that are left without the words, years, rows of the keyboard and repetitions."""
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, " ")
    return re.sub(r"[\W_]+", "", _without_rows(password))


def _without_rows(password: str) -> str:
    password = REPEATED.sub(r"\1", YEAR.sub(" ", password))
    for row in (*ROWS, *(each[::-1] for each in ROWS)):
        for length in range(len(row), SHORTEST_WORD - 1, -1):
            for start in range(len(row) - length + 1):
                password = password.replace(row[start : start + length], " ")
    return password
