import tomllib
from datetime import date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from offices.enums import HolidayKind, ServiceKind
from offices.models import Holiday, Office, ServiceStandard
from offices.service_hours import hours_in_words, opening_states
from tests.factories import OfficeFactory, ServiceStandardFactory

WITA = ZoneInfo("Asia/Makassar")
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=WITA)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return OfficeFactory(slug="mataram", name="KPPN Mataram")


@pytest.fixture
def seed_offices(db):
    call_command("load_offices")


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_first_page_leads_to_every_office(client, seed_offices):
    response = client.get("/")

    assert 'href="/mataram/"' in text_of(response)
    assert 'href="/tanjung-selor/"' in text_of(response)


def test_the_first_page_says_so_when_there_is_no_office_yet(client):
    assert "Belum ada kantor" in text_of(client.get("/"))


@pytest.mark.parametrize("slug", ["mataram", "tanjung-selor"])
def test_an_office_shows_the_six_parts_of_its_standard(client, seed_offices, slug):
    page = text_of(client.get(f"/{slug}/"))

    for part in (
        "1. Persyaratan",
        "HAI CSO pada Aplikasi OM SPAN",
        "2. Sistem, mekanisme, dan prosedur",
        "Konsultasi tatap muka",
        "Konsultasi online",
        "3. Waktu penyelesaian",
        "20 menit per satu jenis layanan",
        "paling lambat 3 hari kerja",
        "4. Biaya/tarif",
        "Rp0 - Tidak dipungut biaya",
        "5. Produk pelayanan",
        "status penyelesaian layanan &quot;Resolved&quot;",
        "6. Pengaduan layanan",
        '<a href="https://pengaduandjpb.kemenkeu.go.id"',
        "KEP-57/PB/2023",
        "Maklumat pelayanan",
    ):
        assert part in page


def points_of_seed_offices():
    """Every text of a standard, as the offices' files hold it."""
    directory = settings.BASE_DIR / "offices" / "data"
    common = tomllib.loads((directory / "common.toml").read_text())["standard"]
    for slug in ("mataram", "tanjung-selor"):
        texts = common | tomllib.loads((directory / f"{slug}.toml").read_text())["standard"]
        for part, points in texts.items():
            if isinstance(points, list):
                yield from (
                    pytest.param(slug, point, id=f"{slug}-{part}-{n}") for n, point in enumerate(points, 1)
                )


def test_the_standard_is_told_in_plain_words_before_its_own(client, office):
    ServiceStandardFactory(
        office=office, session_minutes=25, answer_working_days=4, valid_from=date(2026, 1, 1)
    )
    summary, _, _ = text_of(client.get("/mataram/")).partition("1. Persyaratan")

    assert "Singkatnya" in summary
    assert "waktu layanan adalah 25 menit" in summary
    assert "paling lambat 4 hari kerja" in summary


class VisibleText(HTMLParser):
    """The text between the tags of a page, with white space as a reader sees it."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)

    def read(self, response):
        self.feed(response.content.decode())
        return " ".join("".join(self.parts).split())


@pytest.mark.parametrize(("slug", "point"), list(points_of_seed_offices()))
def test_a_text_of_the_decree_stands_on_the_page_word_for_word(client, seed_offices, slug, point):
    assert point in VisibleText().read(client.get(f"/{slug}/"))


@pytest.mark.parametrize("slug", ["mataram", "tanjung-selor"])
@pytest.mark.parametrize(
    "url",
    [
        "https://www.lapor.go.id",
        "https://wise.kemenkeu.go.id",
        "https://pengaduandjpb.kemenkeu.go.id",
        "https://hai.kemenkeu.go.id",
        "#kontak",
    ],
)
def test_each_channel_for_complaints_can_be_followed(client, seed_offices, slug, url):
    complaints = text_of(client.get(f"/{slug}/")).partition('id="pengaduan"')[2].partition("</section>")[0]

    assert f'<a href="{url}"' in complaints
    assert "Kotak saran/kotak pengaduan" in complaints
    assert "tatap muka secara langsung" in complaints


def test_the_notice_of_service_bears_its_date_and_signature(client):
    OfficeFactory(
        slug="resmi",
        notice_of_service="Kami sanggup.",
        notice_signed_by="Kepala KPPN Resmi, Sri Rejeki",
        notice_signed_on=date(2026, 1, 5),
    )
    page = VisibleText().read(client.get("/resmi/"))

    assert "Kami sanggup. 5 Januari 2026 Kepala KPPN Resmi, Sri Rejeki" in page


def test_the_address_leads_to_a_map_without_telling_it_where_the_reader_came_from(client, seed_offices):
    page = text_of(client.get("/mataram/"))

    assert (
        'href="https://www.google.com/maps/search/?api=1&amp;query=KPPN+Mataram%2C+Jl.+Langko+No.+40%2C+Mataram+83125"'
        ' rel="noopener"'
    ) in page


def test_a_mobile_number_is_called_and_written_to_only_where_the_office_says_so(client, seed_offices):
    page = text_of(client.get("/mataram/"))
    assert '<a href="tel:+6281138000222">0811-3800-0222</a>' in page
    assert "wa.me" not in page
    assert "WhatsApp" not in page

    Office.objects.filter(slug="mataram").update(whatsapp="081138000222")
    assert '<a href="https://wa.me/6281138000222">' in text_of(client.get("/mataram/"))


def test_a_landline_is_only_called(client, seed_offices):
    page = text_of(client.get("/tanjung-selor/"))

    assert '<a href="tel:+625522034375">' in page
    assert "wa.me" not in page


def test_contacts_are_links_only_where_the_office_has_them(client):
    OfficeFactory(
        slug="lengkap", phone="14090", email="kppn@contoh.go.id", website="https://contoh.go.id/kppn/"
    )
    page = text_of(client.get("/lengkap/"))

    assert '<a href="tel:14090">14090</a>' in page
    assert '<a href="mailto:kppn@contoh.go.id">' in page
    assert '<a href="https://contoh.go.id/kppn/">contoh.go.id/kppn</a>' in page
    assert "WhatsApp" not in page


@time_machine.travel(MONDAY_MORNING)
def test_the_standard_in_force_today_is_shown(client, office):
    ServiceStandardFactory(office=office, decree_number="KEP-83/PB/2025", valid_from=date(2026, 11, 23))
    ServiceStandardFactory(office=office, decree_number="KEP-99/PB/2026", valid_from=date(2026, 11, 24))
    page = text_of(client.get("/mataram/"))

    assert "KEP-83/PB/2025" in page
    assert "KEP-57/PB/2023" not in page
    assert "KEP-99/PB/2026" not in page


def test_an_office_without_a_standard_still_says_how_to_reach_it(client):
    OfficeFactory(slug="baru", phone="081138000222", empty=True)
    page = text_of(client.get("/baru/"))

    assert "Standar pelayanan kantor ini belum dimuat" in page
    assert "tel:+6281138000222" in page


def test_texts_of_an_office_are_shown_as_text(client):
    office = OfficeFactory(slug="nakal", notice_of_service="<script>alert(1)</script>")
    ServiceStandard.objects.filter(office=office).update(requirements="<b onclick=x>Tebal</b>")
    page = text_of(client.get("/nakal/"))

    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b onclick=x&gt;Tebal" in page


@pytest.mark.parametrize("path", ["/tidak-ada/", "/mataram%00/", "/%F0%9F%99%8F/", "/" + "a" * 5000 + "/"])
def test_an_unknown_office_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_office_is_read_in_as_many_queries_whatever_it_holds(client, office, django_assert_num_queries):
    Holiday.objects.bulk_create(
        Holiday(office=office, date=date(2026, 12, day), name="Libur", kind=HolidayKind.LOCAL)
        for day in range(1, 20)
    )
    with django_assert_num_queries(8):
        client.get("/mataram/")
    with django_assert_num_queries(4):  # the figures are three minutes old at most
        client.get("/mataram/")


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (7, 59, "Tutup, buka lagi hari ini pukul 08.00 WITA"),
        (8, 0, "Sedang buka, sampai pukul 15.00 WITA"),
        (14, 59, "Sedang buka, sampai pukul 15.00 WITA"),
        (15, 0, "Tutup, buka lagi besok pukul 08.00 WITA"),
    ],
)
def test_the_face_to_face_service_says_whether_it_is_open(office, hour, minute, expected):
    state = opening_states(office, MONDAY_MORNING.replace(hour=hour, minute=minute))[0]

    assert (state.service, state.text) == ("Layanan tatap muka", expected)
    assert state.is_open == expected.startswith("Sedang buka")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 20, 18, 0, tzinfo=WITA), "Tutup, buka lagi Senin pukul 08.00 WITA"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=WITA), "Tutup, buka lagi besok pukul 08.00 WITA"),
        (datetime(2026, 11, 23, 0, 30, tzinfo=WITA), "Tutup, buka lagi hari ini pukul 08.00 WITA"),
    ],
)
def test_a_closed_service_names_the_local_day_it_opens(office, now, expected):
    assert {state.text for state in opening_states(office, now)} == {expected}


def test_a_holiday_is_named_and_a_distant_opening_has_its_date(office):
    for day in range(23, 31):
        Holiday.objects.create(office=office, date=date(2026, 11, day), name="Nyepi", kind=HolidayKind.LOCAL)

    assert opening_states(office, MONDAY_MORNING)[0].text == (
        "Tutup, buka lagi Selasa, 1 Desember 2026 pukul 08.00 WITA; hari ini libur lokal Nyepi"
    )


def test_a_service_without_hours_is_not_claimed_to_be_open(office):
    office.service_hours.filter(service=ServiceKind.QUEUE).delete()

    assert [state.service for state in opening_states(office, MONDAY_MORNING)] == ["Layanan online"]


def test_days_with_the_same_hours_are_read_as_one_run(office):
    office.service_hours.filter(weekday=4, service=ServiceKind.QUEUE).update(closes_at="14:30")
    office.service_hours.filter(weekday=2, service=ServiceKind.ONLINE).delete()

    assert hours_in_words(Office.objects.get(pk=office.pk), MONDAY_MORNING.date()) == [
        "Layanan tatap muka: Senin s.d. Kamis pukul 08.00–15.00, Jumat pukul 08.00–14.30 WITA",
        "Layanan online: Senin s.d. Selasa pukul 08.00–17.00, Kamis s.d. Jumat pukul 08.00–17.00 WITA",
    ]


def test_an_office_leads_to_its_form_and_to_tracking(client, office):
    page = text_of(client.get("/mataram/"))

    assert page.count('href="/mataram/konsultasi/"') == 2
    assert page.count('href="/lacak/"') == 2


def test_every_public_page_names_hours_cost_and_complaint_channels(client, office):
    page = text_of(client.get("/mataram/"))

    assert "Layanan online: Senin s.d. Jumat pukul 08.00–17.00 WITA" in page
    assert "Tidak dipungut biaya (Rp0)" in page
    assert 'href="/mataram/#pengaduan"' in page
