"""An office's page against the published text of its standard: word for word, or a correction that says so."""

from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from offices.corrections import corrected_words, lines_of
from offices.models import ServiceStandard
from tests.factories import OfficeFactory
from tests.offices.decree import FILES, HEADINGS, MINUTES, points

pytestmark = pytest.mark.django_db
PARTS = ("persyaratan", "prosedur", "waktu", "biaya", "produk", "pengaduan")
ONLINE = ("setelah konsultasi tatap muka dilaksanakan", "setelah pertanyaan/permasalahan diterima")
LAPOR = ("(LAPOR)", "(LAPOR): https://www.lapor.go.id")
FIRST = (
    "Petugas layanan menarukakan pertanyaan/permasalahan pada saat konsultasi berlangsung",
    "Stakeholder menyampaikan pertanyaan/permasalahan pada saat sesi konsultasi berlangsung",
)
# By office, heading and number: the words of the decree and ours. Nothing else differs.
CORRECTED = {
    ("mataram", HEADINGS[1], 13): ONLINE,
    ("mataram", HEADINGS[5], 1): LAPOR,
    ("tanjung-selor", HEADINGS[1], 1): FIRST,
    ("tanjung-selor", HEADINGS[1], 12): ONLINE,
    ("tanjung-selor", HEADINGS[5], 1): LAPOR,
}


class Items(HTMLParser):
    """The list items of each part of the page, with the corrections they are marked by, and where its lists begin."""

    def __init__(self):
        super().__init__()
        self.part, self.depth, self.items, self.starts = "", 0, {}, {}
        self.in_item = self.in_mark = False

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "section":
            self.part = attributes.get("id", "")
        elif tag == "ol":
            self.starts.setdefault(self.part, []).append(int(attributes.get("start", 1)))
        elif tag == "li" or attributes.get("class") == "free-of-charge":
            self.items.setdefault(self.part, []).append(["", []])
            self.in_item = True
        elif tag == "sup":
            self.in_mark = True

    def handle_endtag(self, tag):
        if tag in ("li", "p"):
            self.in_item = False
        elif tag == "sup":
            self.in_mark = False

    def handle_data(self, data):
        if self.in_mark:
            self.items[self.part][-1][1].append(int(data))
        elif self.in_item:
            self.items[self.part][-1][0] += data


@pytest.fixture
def items(client):
    call_command("load_offices")

    def items(slug):
        page = Items()
        page.feed(client.get(f"/{slug}/").content.decode())
        return page

    return items


def test_the_published_texts_have_47_points():
    assert [len(points(slug)) for slug in FILES] == [24, 23]


@pytest.mark.parametrize("slug", FILES)
def test_the_page_has_the_points_of_the_decree_and_no_others(items, slug):
    shown = items(slug).items
    said = [
        (heading, number, text.strip().removeprefix("Rp0 - "))
        for heading, part in zip(HEADINGS, PARTS, strict=True)
        for number, (text, _) in enumerate(shown[part], start=1)
    ]
    expected = []
    for heading, number, words in points(slug):
        theirs, ours = CORRECTED.get((slug, heading, number), ("", ""))
        assert theirs in words
        expected.append((heading, number, words.replace(theirs, ours) if theirs else words))
    assert said == expected


@pytest.mark.parametrize("slug", FILES)
def test_every_correction_and_nothing_else_is_marked_and_explained(items, slug):
    page = items(slug)
    notes = [text for text, _ in page.items["koreksi"]]
    marked = {
        (slug, heading, number): marks
        for heading, part in zip(HEADINGS, PARTS, strict=True)
        for number, (_, marks) in enumerate(page.items[part], start=1)
        if marks
    }
    corrected = {where: words for where, words in CORRECTED.items() if where[0] == slug}
    assert marked.keys() == corrected.keys()
    for where, (theirs, ours) in corrected.items():
        (mark,) = marked[where]
        assert corrected_words(notes[mark - 1]) in ours
        assert f"“{theirs}”" in notes[mark - 1] or "tidak memuat" in notes[mark - 1]


def test_the_steps_bear_the_numbers_of_the_decree(items):
    assert items("mataram").starts["prosedur"] == [1, 8]
    assert items("tanjung-selor").starts["prosedur"] == [1, 1]


def test_the_time_has_the_headline_of_the_decree(client, items):
    items("mataram")
    assert f"<strong>{MINUTES}</strong>" in client.get("/mataram/").content.decode()


def test_a_standard_without_corrections_has_no_footnotes(client):
    OfficeFactory(slug="lurus")
    page = client.get("/lurus/").content.decode()
    assert "Catatan koreksi" not in page
    assert "<sup>" not in page


@pytest.mark.parametrize(
    ("correction", "error"),
    [
        ("Kata ini dikoreksi.", "Awali koreksi dengan kata yang dikoreksi"),
        ("“”: kosong.", "Awali koreksi dengan kata yang dikoreksi"),
        ("“tidak ada di mana pun”: naskah menyebut lain.", "Kata “tidak ada di mana pun” tidak ada"),
    ],
)
def test_a_correction_that_would_mark_nothing_is_refused(correction, error):
    standard = ServiceStandard.objects.get(office=OfficeFactory())
    standard.corrections = f"“identitas/profil”: naskah menyebut “jati diri”.\n{correction}"
    with pytest.raises(ValidationError) as refused:
        standard.full_clean()
    assert refused.value.message_dict["corrections"][0].startswith(error)
    standard.corrections = lines_of(standard.corrections)[0]
    standard.full_clean()
