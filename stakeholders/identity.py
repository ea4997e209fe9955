"""The shapes of what identifies and reaches a person: NIP, telephone, satker code. Pure; no database.

Every parser takes what somebody typed and raises `ValidationError` with the sentence to show at the field.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import PhoneNumberFormat, PhoneNumberType

HOME_REGION = "ID"
MINIMUM_HIRING_AGE = 15
PPPK_CONTRACT_CODES = range(21, 30)
PERSONAL_LINES = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
DOTS = re.compile("[\u00b7\u3002\uff0e\uff61\u2024]")  # what browsers, or eyes, take for a dot
NAME_WORD = re.compile(r"[^\W_][\w'’/-]*")
# What may stand before a dot without a space behind it: initials, titles, parts of degrees, legal forms, short first names.
TITLES = re.compile(
    r"[^\W\d_]|prof|dr[adgsh]?|ir|apt|ns|bd|kh|hj|st|tb|r[rd]|abd|ach|akh|mo?c?h|muc?hd?|mohd|nur"
    r"|a(?:g|kt?|md|mk|p|rs)|bid|com|ds|e[cp]|eng|farm|fil|gz|hu[bmt]|iko?m|int|ip|k(?:ed?[bps]?|m|n|om)|li|ling|log"
    r"|m(?:at?|d|m|p)|or|p(?:ar|di?|h|hil|i|ol|si|t)|s(?:c|h|i|os|p|tat|y)|t[hpr]|cv|ud|rs(?:ud)?|tbk|prov|ka[bn]|kec|kel"
    r"|kop|no|jl|tk|sd|sm[apk]|kppn?",
    re.IGNORECASE,
)
WEB_ENDINGS = re.compile(
    r"com|net|org|info|biz|id|co|me|io|ly|gl|gd|to|cc|tv|ai|app|dev|xyz|top|site|online|shop|store|click|link|live|pro|web"
    r"|page|bank|icu|vip|win|club|zip|mov",
    re.IGNORECASE,
)
IPV4 = 4  # numbers between dots are an address; of fewer or more they number something


class NipKind(StrEnum):
    PNS = "PNS"
    PPPK = "PPPK"


@dataclass(frozen=True)
class Nip:
    """A civil servant's number. It tells birth date and gender, so screens show `mask_nip` of it."""

    digits: str
    kind: NipKind


def parse_nip(raw: str, today: date) -> Nip:
    """Read an 18-digit NIP or NI PPPK.

    Both begin with the birth date (8 digits) and the hiring year (4) and end with gender (1 or 2) and a sequence
    (3). Between them a PNS has the month of hiring, a PPPK a contract code: that tells the two apart.
    """
    digits = re.sub(r"[ .\-]", "", raw)
    if not re.fullmatch(r"[0-9]{18}", digits):
        raise ValidationError(
            "NIP terdiri atas 18 digit angka, contoh 198609262015051001.", code="nip_length"
        )
    kind = _nip_kind(int(digits[12:14]))
    if kind is None or digits[14] not in "12" or digits[15:] == "000" or not _hiring_plausible(digits, today):
        raise ValidationError("NIP belum sesuai. Mohon periksa kembali ke-18 digitnya.", code="nip_content")
    return Nip(digits, kind)


def _nip_kind(month_or_contract: int) -> NipKind | None:
    if 1 <= month_or_contract <= 12:  # noqa: PLR2004 (months)
        return NipKind.PNS
    return NipKind.PPPK if month_or_contract in PPPK_CONTRACT_CODES else None


def _hiring_plausible(digits: str, today: date) -> bool:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return born_on.year + MINIMUM_HIRING_AGE <= int(digits[8:12]) <= today.year


def mask_nip(nip: str) -> str:
    """An 18-digit NIP for lists: '19860926******1001'. A blank one stays blank."""
    return f"{nip[:8]}******{nip[-4:]}" if nip else ""


def parse_phone(raw: str) -> str:
    """Read a telephone number as Indonesians write it, or a foreign one with its '+', into E.164.

    Short codes (14090) and service numbers are no one's contact and are refused.
    """
    text = raw.strip()
    if text.startswith("62"):  # a country code without its plus: an area code would have a zero before it
        text = f"+{text}"
    if re.fullmatch(r"\+?[0-9 ().\-]{5,30}", text):
        try:
            number = phonenumbers.parse(text, HOME_REGION)
        except phonenumbers.NumberParseException:
            number = None
        if number is not None and _is_personal_line(number):
            return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    raise ValidationError("Nomor telepon belum sesuai, contoh 081234567890.", code="phone")


def _is_personal_line(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in PERSONAL_LINES


def display_phone(e164: str) -> str:
    """An E.164 number as it is dialled from Indonesia: '0812-3456-7890', '(0370) 633744', '+65 6123 4567'."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    home = phonenumbers.region_code_for_number(number) == HOME_REGION
    return str(
        phonenumbers.format_number(
            number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
        )
    )


def has_whatsapp(e164: str) -> bool:
    """Whether a number can be written to by WhatsApp: a mobile one, no landline and no blank."""
    return bool(e164) and phonenumbers.number_type(phonenumbers.parse(e164)) == PhoneNumberType.MOBILE


def whatsapp_link(e164: str) -> str:
    """The address that opens a WhatsApp chat with a mobile number; empty for a landline or a blank."""
    return f"https://wa.me/{e164.removeprefix('+')}" if has_whatsapp(e164) else ""


def parse_name(raw: str) -> str:
    """The name of a person, an office or a role as it was typed; one that holds an address is refused.

    Mail programs make a link of '@', of '://', and of letters that go on behind a dot without a space. Of the latter, what
    Indonesians write so is let through: initials and titles before a name ('H.M. Yusuf', 'Drs.Budi'), degrees ('S.Kom',
    'A.Md.Ak.'), legal forms ('PT.Maju').
    """
    text = DOTS.sub(".", unicodedata.normalize("NFKC", raw))
    if (
        "@" in text
        or "://" in text
        or any(_is_address(word) for word in re.split(r"[\s,;()\[\]\"“”<>]+", text))
    ):
        raise ValidationError(
            "Nama tidak boleh memuat alamat situs atau surel. Bila ini bukan alamat, beri spasi setelah titik.",
            code="address",
        )
    return raw


def _is_address(word: str) -> bool:
    *before, last = parts = word.strip(".:'’-").split(".")
    if not before or (len(parts) != IPV4 and all(part.isdecimal() for part in parts)):
        return False
    is_titled = all(TITLES.fullmatch(part) for part in before)
    return (
        not is_titled or bool(WEB_ENDINGS.fullmatch(last.partition("/")[0])) or not NAME_WORD.fullmatch(last)
    )


def parse_satker_code(raw: str) -> str:
    """Six digits as text, for the leading zeros."""
    code = raw.strip()
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValidationError("Kode satker terdiri atas 6 digit angka, contoh 123456.", code="satker_code")
    return code
