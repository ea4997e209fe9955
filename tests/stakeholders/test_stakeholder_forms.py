"""What people type into the fields every form of the desk shares."""

import pytest
from django import forms

from stakeholders.forms import (
    NipField,
    PhoneField,
    PlainTextArea,
    PlainTextField,
    SatkerCodeField,
    plain_text,
)


class Sample(forms.Form):
    name = PlainTextField(max_length=20)
    question = PlainTextArea(max_length=200)
    phone = PhoneField(required=False)
    nip = NipField(required=False)
    satker_code = SatkerCodeField(required=False)


def filled(**changes):
    form = Sample({"name": "Baiq Nurul", "question": "Mohon info.", **changes})
    form.full_clean()
    return form


def test_identifiers_come_out_in_one_shape():
    form = filled(phone="0812-3456-7890", nip="19860926 201505 1 001", satker_code=" 099233")
    assert form.cleaned_data["phone"] == "+6281234567890"
    assert form.cleaned_data["nip"] == "198609262015051001"
    assert form.cleaned_data["satker_code"] == "099233"


def test_identifiers_may_be_left_out():
    form = filled()
    assert (form.cleaned_data["phone"], form.cleaned_data["nip"], form.cleaned_data["satker_code"]) == (
        "",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "14090", "Nomor telepon belum sesuai, contoh 081234567890."),
        ("nip", "150307928", "NIP terdiri atas 18 digit angka, contoh 198609262015051001."),
        ("satker_code", "12345", "Kode satker terdiri atas 6 digit angka, contoh 123456."),
    ],
)
def test_a_wrong_identifier_is_explained_at_its_field_and_stays_as_typed(field, typed, sentence):
    form = filled(**{field: typed})
    assert form.errors == {field: [sentence]}
    assert form[field].value() == typed


@pytest.mark.parametrize("field", ["name", "question", "phone", "nip", "satker_code"])
def test_a_nul_byte_is_an_error_at_the_field(field):
    assert list(filled(**{field: "a\x00b"}).errors) == [field]


@pytest.mark.parametrize("field", ["name", "question", "phone", "nip", "satker_code"])
def test_a_megabyte_is_an_error_at_the_field(field):
    assert list(filled(**{field: "9" * 1_000_000}).errors) == [field]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_and_broken_signs_are_refused_in_a_sentence(sign):
    form = filled(question=f"Mohon{sign}info")
    assert form.errors["question"] == [
        "Isian memuat karakter yang tidak dapat disimpan. Mohon ketik ulang bagian ini."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE satker; --",
        "Terima kasih 🙏🏽👨‍👩‍👧",
        "مرحبا \u202eabc",
        "{{ 7|add:7 }}",
    ],
)
def test_markup_emoji_and_right_to_left_text_are_kept_as_text(text):
    assert filled(question=text).cleaned_data["question"] == text


def test_a_text_keeps_its_lines_with_one_kind_of_line_end():
    assert plain_text("satu\r\ndua\rtiga\n") == "satu\ndua\ntiga"


def test_a_name_stays_on_one_line():
    assert filled(name="Baiq\r\nBcc: x\tNurul").cleaned_data["name"] == "Baiq Bcc: x Nurul"


def test_letters_are_stored_composed():
    assert plain_text("cafe\u0301") == "café"


@pytest.mark.parametrize("nothing", ["   ", "\u200b\u200b", "\u202e", "\u00a0\n\t"])
def test_what_shows_nothing_counts_as_empty(nothing):
    assert "question" in filled(question=nothing).errors
    assert plain_text(nothing) == ""
