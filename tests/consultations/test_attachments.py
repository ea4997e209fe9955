"""What the desk makes of files from people: which it takes, which it refuses, and in which words."""

import hashlib
import zipfile

import pytest
from django.core.exceptions import ValidationError
from pypdf.generic import NameObject, TextStringObject

from consultations import attachments
from consultations.attachments import AttachmentsField, clean_name, examine, receive
from tests import samples
from tests.samples import upload

VBA = '<Override PartName="/{0}/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
OLE = '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
XLM = '<Override PartName="/xl/macrosheets/s.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
ACTIVE_X = '<Override PartName="/xl/activeX/a.xml" ContentType="application/vnd.ms-office.activeX+xml"/>'
HIDDEN_VBA = '<Override PartName="/word/picture.png" ContentType="application/vnd.ms-office.vba&#80;roject"/>'
JAVASCRIPT = samples.with_action(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
AES_LOCKED = (
    b"<</Filter/Standard/V 5/R 6/Length 256/P -4/O("
    + b"o" * 48
    + b")/U("
    + b"u" * 48
    + b")/CF<</StdCF<</CFM/AESV3>>>>/StmF/StdCF/StrF/StdCF>>"
)


def inspect_upload(file):
    (checked,) = examine([receive(file)])
    return checked


def refusal(name, content):
    with pytest.raises(ValidationError) as refused:
        inspect_upload(upload(name, content))
    (error,) = getattr(refused.value, "error_list", [refused.value])
    assert error.message.startswith(f"“{clean_name(name)}”: ")
    return error.code


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("surat.pdf", samples.pdf(), "application/pdf"),
        ("FOTO.JPG", samples.image("JPEG"), "image/jpeg"),
        ("foto.jpeg", samples.image("JPEG"), "image/jpeg"),
        ("layar.png", samples.image("PNG"), "image/png"),
        ("data.xlsx", samples.xlsx(), samples.SHEET),
        ("nota.docx", samples.docx(), samples.DOCUMENT),
    ],
)
def test_a_file_that_is_what_it_claims_is_taken(name, content, content_type):
    checked = inspect_upload(upload(name, content))

    assert (checked.name, checked.content_type, checked.size) == (name, content_type, len(content))
    assert checked.sha256 == hashlib.sha256(content).hexdigest()


def test_an_empty_file_is_refused():
    assert refusal("kosong.pdf", b"") == "empty"


def test_a_file_of_five_megabytes_is_the_largest(monkeypatch):
    content = samples.pdf()
    monkeypatch.setattr(attachments, "MAX_BYTES", len(content))
    inspect_upload(upload("surat.pdf", content))

    assert refusal("surat.pdf", content + b"\n") == "too_large"


def test_a_file_over_five_megabytes_is_told_so():
    with pytest.raises(ValidationError, match=r"“besar\.pdf”: Ukuran berkas melebihi 5 MB\."):
        inspect_upload(upload("besar.pdf", b"%PDF-" + b" " * 5 * 1024 * 1024))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("halaman.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("program.pdf", b"MZ\x90\x00" + b"\0" * 200),
        ("gambar.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("lama.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
        ("arsip.xlsx", samples.archive({"program.exe": b"MZ"})),
        (
            "paparan.docx",
            samples.office_file("ppt/presentation.xml", "application/vnd.x.presentation.main+xml"),
        ),
        ("catatan.txt", b"halo"),
        ("animasi.gif", b"GIF89a" + b"\0" * 50),
    ],
)
def test_a_type_that_is_not_on_the_list_is_refused_whatever_its_name(name, content):
    assert refusal(name, content) == "type"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.pdf", samples.image("JPEG")),
        ("foto.png", samples.image("JPEG")),
        ("surat.docx", samples.pdf()),
        ("data.docx", samples.xlsx()),
        ("surat.pdf.exe", samples.pdf()),
        ("surat\u202efdp.exe", samples.pdf()),
        ("surat", samples.pdf()),
    ],
)
def test_a_name_that_does_not_fit_the_content_is_refused(name, content):
    assert refusal(name, content) == "disguised"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("surat.pdf", b"%PDF-1.7\n" + b"\0" * 500),
        ("surat.pdf", samples.pdf()[:200]),
        ("foto.jpg", samples.image("JPEG")[:200]),
        ("layar.png", samples.image("PNG", (300, 300))[:150]),
        ("bom.png", samples.huge_png()),
        ("data.xlsx", samples.xlsx()[:200]),
        ("nota.docx", samples.docx(isi="abcdefgh" * 9).replace(b"PK\x01\x02", b"PK\x01\x03")),
    ],
)
def test_a_broken_file_is_refused(name, content):
    assert refusal(name, content) == "damaged"


def test_an_office_file_whose_parts_lie_about_their_content_is_refused():
    content = bytearray(samples.xlsx())
    with zipfile.ZipFile(upload("data.xlsx", bytes(content))) as archive:
        checksum = archive.getinfo("xl/workbook.xml").CRC.to_bytes(4, "little")
    assert refusal("data.xlsx", bytes(content).replace(checksum, b"\1\2\3\4")) == "damaged"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (JAVASCRIPT, "active_pdf"),
        (samples.launching, "active_pdf"),
        (lambda writer: writer.add_attachment("program.exe", b"MZ"), "files_in_pdf"),
        (
            samples.with_action(
                S=NameObject("/GoTo"), Next=samples.DictionaryObject({NameObject("/JS"): NameObject("/x")})
            ),
            "active_pdf",
        ),
    ],
    ids=["javascript", "launch", "embedded file", "javascript after another action"],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(change, code):
    assert refusal("formulir.pdf", samples.pdf(change)) == code


def test_a_pdf_that_spells_its_javascript_otherwise_is_refused():
    content = samples.pdf(JAVASCRIPT).replace(b"/JavaScript", b"/#4aavaScript").replace(b"/JS", b"/J#53")

    assert refusal("formulir.pdf", content) == "active_pdf"


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(lambda writer: writer.encrypt("rahasia", algorithm="RC4-128")),
        samples.pdf(lambda writer: writer.encrypt("", owner_password="rahasia", algorithm="RC4-128")),
        samples.pdf().replace(b"/Root", b"/ID[(a)(b)]/Encrypt " + AES_LOCKED + b"/Root"),
    ],
    ids=["with a password", "locked against changes", "AES"],
)
def test_a_locked_pdf_is_refused_since_nobody_can_look_into_it(content):
    assert refusal("rekening koran.pdf", content) == "locked"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.xlsx", samples.xlsx(types=VBA.format("xl"))),
        ("nota.docx", samples.docx(types=VBA.format("word"))),
        ("nota.docx", samples.docx(types=HIDDEN_VBA)),
        ("data.xlsx", samples.xlsx(types=XLM)),
        ("data.xlsx", samples.xlsx(types=ACTIVE_X)),
        (
            "data.xlsx",
            samples.office_file("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ),
    ],
)
def test_an_office_file_with_macros_or_active_objects_is_refused(name, content):
    assert refusal(name, content) == "macros"


def test_a_document_with_another_programs_object_in_it_is_refused():
    assert refusal("nota.docx", samples.docx(types=OLE)) == "objects"


@pytest.mark.parametrize(
    "content",
    [
        samples.xlsx(**{"xl/bom.xml": bytes(101 * 1024 * 1024)}),
        samples.xlsx(**{f"xl/{n}.xml": b"" for n in range(2_001)}),
        samples.archive({"[Content_Types].xml": b" " * (1024 * 1024 + 1)}),
    ],
    ids=["unpacks to too much", "too many parts", "too long a list of parts"],
)
def test_an_office_file_that_is_a_bomb_is_refused(content):
    assert refusal("data.xlsx", content) == "too_large_inside"


def test_a_list_of_parts_with_entities_is_refused_unread():
    listed = '<!DOCTYPE x [<!ENTITY a "aaaa">]><Types>&a;&a;</Types>'

    assert refusal("data.xlsx", samples.archive({"[Content_Types].xml": listed})) == "damaged"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/surat.pdf", "surat.pdf"),
        ("C:\\Users\\siti\\surat tugas.pdf", "surat tugas.pdf"),
        ("surat\x00\x1b\r\n.pdf", "surat.pdf"),
        ("surat\u202efdp.png", "suratfdp.png"),
        ("  laporan \t keuangan.xlsx ", "laporan keuangan.xlsx"),
        ("...", "berkas"),
        ("", "berkas"),
        ("Laporan Realisasi – TA 2026 ✓.pdf", "Laporan Realisasi – TA 2026 ✓.pdf"),
    ],
)
def test_a_name_loses_its_path_and_what_cannot_be_seen(raw, clean):
    assert clean_name(raw) == clean


def test_a_long_name_keeps_its_ending():
    name = clean_name("a" * 500 + ".pdf")

    assert len(name) == 160
    assert name.endswith("a.pdf")


def test_every_bad_file_of_a_submission_is_named():
    with pytest.raises(ValidationError) as refused:
        AttachmentsField().clean(
            [upload("a.pdf", b""), upload("b.pdf", samples.pdf()), upload("c.exe", b"MZ\x90\x00")]
        )

    assert [message[:9] for message in refused.value.messages] == ["“a.pdf”: ", "“c.exe”: "]


def test_five_files_are_the_most_of_one_submission():
    files = [upload(f"{n}.png", samples.image("PNG")) for n in range(6)]

    assert len(AttachmentsField().clean(files[:5])) == 5
    with pytest.raises(ValidationError, match="Paling banyak 5 berkas"):
        AttachmentsField().clean(files)


def test_all_files_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(attachments, "MAX_TOTAL_BYTES", 100)

    with pytest.raises(ValidationError, match="Jumlah ukuran seluruh berkas"):
        AttachmentsField().clean([upload("a.pdf", samples.pdf())])


def test_no_file_is_fine_unless_one_is_required():
    assert AttachmentsField(required=False).clean(None) == []
    with pytest.raises(ValidationError, match="paling sedikit satu berkas"):
        AttachmentsField().clean([])
