"""An office words its letters in its own way: which names a text may use, and what a letter then says."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from consultations import actors, lifecycle
from consultations.tracking import send_link
from notifications.enums import LetterKind
from notifications.models import Message, MessageText
from notifications.texts import (
    ABOUT_SEVERAL,
    PLACEHOLDERS,
    REQUIRED,
    default_text,
    own_texts,
    placeholders,
    preview,
    render,
    validate,
)
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
BODY = "Yth. {nama},\n\n{tautan}\n"


@pytest.fixture
def office():
    return OfficeFactory(phone="0370 1234567")


@pytest.fixture
def wording(office):
    """Store the office's own text of a kind."""

    def store(kind, body=BODY, subject="{nomor}", office=office):
        return MessageText.objects.create(office=office, kind=kind, subject=subject, body=body)

    return store


def letter(kind):
    return Message.objects.get(kind=kind)


def problem(kind, text, *, is_body=False):
    with pytest.raises(ValidationError) as caught:
        validate(kind, text, is_body=is_body)
    return caught.value.messages[0]


@pytest.mark.parametrize("kind", LetterKind)
def test_every_default_can_be_shown_with_names_alone(kind):
    subject, body = default_text(kind)
    for text in (subject, body):
        assert "{{" not in text
        assert "{%" not in text
    validate(kind, subject, is_body=False)
    validate(kind, body, is_body=True)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("kind", LetterKind)
def test_a_default_kept_as_it_is_says_word_for_word_what_the_template_says(office, kind, late):
    context = {
        "consultation": ConsultationFactory(office=office),
        "office": office,
        "entry": {"text": "Sudah kami periksa.\n\nSilakan diajukan kembali."},
        "item": {"name": "Rekening koran", "reason": "Tidak terbaca."},
        "documents": ["Rekening koran", "Surat pernyataan"],
        "regulations": [{"citation": "PMK Nomor 62 Tahun 2023"}],
        "note": "" if late else "Mohon dilegalisasi.",
        "late": late,
        "valid_for": "30 menit",
        "rating_url": "https://cso.contoh.id/lacak/nilai/contoh/",
        "survey_url": "https://cso.contoh.id/mataram/survei/contoh/",
        **dict.fromkeys(
            (
                "name",
                "url",
                "due",
                "before",
                "received",
                "day",
                "period",
                "head",
                "reopen_until",
                "agency",
                "channel",
            ),
            "Nilai {nomor} {{ x }} {",
        ),
    }
    subject, body = default_text(kind)
    own = MessageText(office=office, kind=kind, subject=subject, body=body)
    assert render(kind, context, own) == render(kind, context)


def test_every_letter_to_a_stakeholder_has_a_kind():
    files = Path(settings.BASE_DIR / "templates/notifications").glob("[!_]*.txt")
    to_stakeholders = {
        file.stem
        for file in files
        if re.search("_to_stakeholder_end|_signature", text := file.read_text()) and "{{ held." not in text
    }
    assert to_stakeholders == set(LetterKind.values)


def test_a_letter_about_several_consultations_knows_no_number():
    assert problem("my_consultations", "{nomor} {tautan}") == "Isian {nomor} tidak dikenal untuk pesan ini."


def test_every_name_is_used_by_some_letter():
    used = {name for kind in LetterKind for name in placeholders(kind)}
    assert used == set(PLACEHOLDERS)


def test_a_letter_speaks_in_the_offices_own_words(office, wording):
    wording(
        "received", "Halo {nama}.\nBatas: {batas_waktu}\n\n\n\n{tautan}\n{{apa adanya}}", "Masuk: {nomor}"
    )
    consultation = ConsultationFactory(office=office)
    message = letter("received")
    assert message.subject == f"Masuk: {consultation.number}"
    assert message.body.startswith(f"Halo {consultation.contact_name}.\nBatas: ")
    assert "\n{apa adanya}\n" in message.body
    assert "\n\n\n" not in message.body
    assert "/lacak/" in message.body


def test_the_words_are_those_of_one_office_and_one_kind(office, wording):
    wording("received", office=OfficeFactory())
    wording("resolved")
    ConsultationFactory(office=office)
    assert "telah kami terima dengan nomor" in letter("received").body


def test_the_tracking_link_is_sent_in_the_offices_own_words(office, wording, now):
    wording("tracking_link", "Tautan Bapak/Ibu: {tautan}\n{tanda_tangan}")
    consultation = ConsultationFactory(office=office)
    send_link(consultation.number, consultation.contact_email, now=now)
    assert letter("tracking_link").body.startswith("Tautan Bapak/Ibu: http")
    assert "Telepon 0370 1234567\n" in letter("tracking_link").body


def test_what_a_stakeholder_or_officer_wrote_is_never_read_as_a_text(office, wording):
    wording("replied", "{isi}\n{tautan}")
    officer = StaffFactory(office=office, role=Role.CSO)
    consultation = ConsultationFactory(office=office, officer=officer)
    lifecycle.reply(
        consultation, "Isi {nomor} {{ url }} {", by=actors.officer(officer), now=consultation.recorded_at
    )
    assert letter("replied").body.startswith("Isi {nomor} {{ url }} {\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{salah}", "{salah}"),
        ("{}", "{}"),
        ("{0}", "{0}"),
        ("{nama.office}", "{nama.office}"),
        ("{nama[0]}", "{nama[0]}"),
        ("{nama!r}", "{nama!r}"),
        ("{nama:>99999999}", "{nama:>99999999}"),
        ("{NAMA}", "{NAMA}"),
        ("{ nama }", "{ nama }"),
        ("{instansi}", "{instansi}"),
    ],
)
def test_an_unknown_name_is_refused(text, name):
    assert problem("received", text) == f"Isian {name} tidak dikenal untuk pesan ini."


@pytest.mark.parametrize("text", ["{nama", "nama}", "{nama}}", "{{nama}", "{nama:{nomor}"])
def test_braces_that_do_not_match_are_refused(text):
    assert problem("received", text).startswith("Kurung kurawal tidak berpasangan.")


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("received", "{nomor}, {tautan}, {janji}"),
        ("replied", "{tautan}, {isi}, {target}, {dasar}"),
        ("progress_automatic", "{status}, {tautan}, {target_otomatis}"),
        ("resolved", "kata “Selesai (Resolved)”, {tautan}, {isi}, {dasar}, {dibuka_sampai}, {penilaian}"),
        ("reopened", "{tautan}, {batas_waktu}"),
        ("documents_requested", "{tautan}, {dokumen}, {catatan}, {batas_tetap}"),
        ("referred", "{tautan}, {instansi}, {kanal}"),
        ("my_consultations", "{tautan}, {masa_berlaku}"),
    ],
)
def test_a_body_that_lacks_what_its_letter_owes_is_refused_by_the_names_of_what_is_missing(kind, missing):
    assert problem(kind, "Yth. Bapak/Ibu,", is_body=True) == f"Isi wajib memuat {missing}."


@pytest.mark.parametrize("kind", LetterKind)
def test_a_greeting_and_a_link_are_no_letter_of_any_kind(kind):
    assert problem(kind, "Halo {nama}, {tautan}", is_body=True).startswith("Isi wajib memuat ")


@pytest.mark.parametrize("kind", LetterKind)
def test_each_required_part_is_missed_by_its_own_name(kind):
    _, whole = default_text(kind)
    for name in REQUIRED[kind]:
        without = whole.replace(f"{{{name}}}", "")
        assert problem(kind, without, is_body=True) == f"Isi wajib memuat {{{name}}}."


def test_the_answer_says_the_status_of_the_standard_though_a_line_breaks_within_it():
    _, whole = default_text(LetterKind.RESOLVED)
    validate(LetterKind.RESOLVED, whole.replace("Selesai (Resolved)", "Selesai\n(Resolved)"), is_body=True)
    for other in ("Selesai", "Resolved", "{{Selesai}} Resolved"):
        text = whole.replace("Selesai (Resolved)", other)
        assert problem("resolved", text, is_body=True) == "Isi wajib memuat kata “Selesai (Resolved)”."


@pytest.mark.parametrize("kind", LetterKind)
def test_the_preview_is_filled_with_examples_and_the_offices_own_name(office, kind):
    subject, body = default_text(kind)
    shown = preview(MessageText(office=office, kind=kind, subject=subject, body=body), office)
    assert shown[0].startswith("[MTR-2026-000123] ") or kind in ABOUT_SEVERAL
    assert office.full_name in shown[1]
    assert "{" not in "".join(shown)


@pytest.mark.parametrize("count", [1, 6])
def test_the_texts_are_read_with_one_statement_whatever_the_number_of_letters(
    office, wording, count, django_assert_num_queries
):
    wording("received")
    pairs = [(office.pk, kind) for kind in ("received", "resolved", "late")] * count
    with django_assert_num_queries(1):
        assert [text.kind for text in own_texts(pairs).values()] == ["received"]
    with django_assert_num_queries(0):
        assert own_texts([(office.pk, "late")]) == {}
