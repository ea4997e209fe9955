"""NIP, telephone numbers and satker codes as people write them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from stakeholders.identity import (
    NipKind,
    display_phone,
    mask_nip,
    parse_nip,
    parse_phone,
    parse_satker_code,
    whatsapp_link,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("raw", "digits", "kind"),
    [
        ("19860926 201505 1 001", "198609262015051001", NipKind.PNS),
        ("198609262015051001", "198609262015051001", NipKind.PNS),
        ("19860926.201505.2-001", "198609262015052001", NipKind.PNS),
        ("199009132025242014", "199009132025242014", NipKind.PPPK),
        ("199009132025212014", "199009132025212014", NipKind.PPPK),
        ("200002292020122001", "200002292020122001", NipKind.PNS),
    ],
)
def test_an_nip_is_read_and_its_kind_told(raw, digits, kind):
    nip = parse_nip(raw, TODAY)
    assert (nip.digits, nip.kind) == (digits, kind)


@pytest.mark.parametrize(
    ("raw", "flaw"),
    [
        ("198613262015051001", "birth month 13"),
        ("198602302015051001", "30 February"),
        ("198609262015133001", "neither a month nor a contract code"),
        ("198609262015001001", "month 00"),
        ("198609262015201001", "contract code 20"),
        ("198609262015301001", "contract code 30"),
        ("198609262015053001", "gender 3"),
        ("198609262015051000", "sequence 000"),
        ("198609262027051001", "hired next year"),
        ("198609262000051001", "hired at 14"),
        ("000000002015051001", "no birth date"),
    ],
)
def test_an_nip_whose_digits_contradict_is_refused(raw, flaw):
    with pytest.raises(ValidationError) as refusal:
        parse_nip(raw, TODAY)
    assert refusal.value.messages == ["NIP belum sesuai. Mohon periksa kembali ke-18 digitnya."]


@pytest.mark.parametrize(
    "raw", ["19860926201505100", "150307928", "1986092620150510011", "", "19860926２01505 1 001", "A" * 18]
)
def test_an_nip_of_another_length_is_refused(raw):
    with pytest.raises(ValidationError) as refusal:
        parse_nip(raw, TODAY)
    assert refusal.value.messages == ["NIP terdiri atas 18 digit angka, contoh 198609262015051001."]


def test_a_civil_servant_may_have_been_hired_at_fifteen_and_this_year():
    assert parse_nip("198609262001051001", TODAY).kind is NipKind.PNS
    assert parse_nip("198609262026051001", TODAY).kind is NipKind.PNS


def test_lists_show_an_nip_masked():
    assert mask_nip("198609262015051001") == "19860926******1001"
    assert mask_nip("") == ""


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+62 (0) 812-3456-7890", "+6281234567890"),
        ("(0370) 633744", "+62370633744"),
        ("081138000222", "+6281138000222"),
        ("05522034375", "+625522034375"),
        ("+65 6123 4567", "+6561234567"),
        (" 0812.3456.7890 ", "+6281234567890"),
    ],
)
def test_a_telephone_number_is_read_as_it_is_written(raw, e164):
    assert parse_phone(raw) == e164


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "14090",
        "1708",
        "1500 111",
        "081",
        "08123456789012345",
        "0800-FLOWERS",
        "(0370)633744/633745",
        "0812345678٩٠",
        "++6281234567890",
        "0812 3456 7890\x00",
        "9" * 10_000,
    ],
)
def test_what_is_no_ones_telephone_number_is_refused(raw):
    with pytest.raises(ValidationError) as refusal:
        parse_phone(raw)
    assert refusal.value.messages == ["Nomor telepon belum sesuai, contoh 081234567890."]


@given(st.text(max_size=40) | st.from_regex(r"\+?[0-9 ().-]{5,20}", fullmatch=True))
def test_whatever_is_typed_gives_an_e164_number_or_a_refusal(raw):
    try:
        number = parse_phone(raw)
    except ValidationError:
        return
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdigit()
    assert len(number) <= 16
    assert parse_phone(number) == number


def test_a_number_is_shown_as_it_is_dialled_from_here():
    assert display_phone("+6281234567890") == "0812-3456-7890"
    assert display_phone("+62370633744") == "(0370) 633744"
    assert display_phone("+6561234567") == "+65 6123 4567"
    assert display_phone("") == ""


def test_only_a_mobile_number_opens_a_whatsapp_chat():
    assert whatsapp_link("+6281234567890") == "https://wa.me/6281234567890"
    assert whatsapp_link("+62370633744") == ""
    assert whatsapp_link("") == ""


def test_a_satker_code_keeps_its_leading_zeros():
    assert parse_satker_code(" 099233 ") == "099233"


@pytest.mark.parametrize("raw", ["", "12345", "1234567", "12345a", "１２３４５６", "12 3456"])
def test_a_satker_code_has_six_digits(raw):
    with pytest.raises(ValidationError) as refusal:
        parse_satker_code(raw)
    assert refusal.value.messages == ["Kode satker terdiri atas 6 digit angka, contoh 123456."]
