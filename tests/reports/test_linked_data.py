"""What machines read of an office's page."""

import json
import re
from datetime import UTC, date, datetime, time

import pytest
from django.core.management import call_command

from offices.models import SpecialHours
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db


def block_of(page):
    return re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text)[1]


def test_the_service_is_described_with_its_office_cost_hours_and_form(client, settings):
    settings.SITE_URL = "https://konsultasi.contoh.go.id"
    call_command("load_offices")
    service = json.loads(block_of(client.get("/tanjung-selor/")))

    assert (service["@context"], service["@type"]) == ("https://schema.org", "GovernmentService")
    assert service["url"] == "https://konsultasi.contoh.go.id/tanjung-selor/"
    assert service["availableChannel"]["serviceUrl"].endswith("/tanjung-selor/konsultasi/")
    assert service["offers"] == {"@type": "Offer", "price": "0", "priceCurrency": "IDR"}
    assert service["provider"]["address"]["postalCode"] == "77214"
    assert service["provider"]["telephone"] == "05522034375"
    assert {
        "@type": "OpeningHoursSpecification",
        "name": "Layanan tatap muka",
        "dayOfWeek": "Friday",
        "opens": "08:00",
        "closes": "15:00",
    } in service["hoursAvailable"]


def test_special_hours_have_the_days_of_their_validity_until_they_are_over(client, time_machine):
    office = OfficeFactory(slug="khusus")
    for name, day in (("lampau", date(2026, 11, 2)), ("tutup", date(2026, 12, 24))):
        SpecialHours.objects.create(office=office, service="online", name=name, starts_on=day, ends_on=day)
    ramadan = SpecialHours.objects.create(
        office=office, service="online", name="R", starts_on=date(2027, 2, 8), ends_on=date(2027, 3, 9)
    )
    for opens_at, closes_at in ((time(8), time(12)), (time(12, 30), time(15))):
        ramadan.intervals.create(weekday=0, opens_at=opens_at, closes_at=closes_at)
    time_machine.move_to(datetime(2026, 11, 23, tzinfo=UTC), tick=False)
    hours = json.loads(block_of(client.get("/khusus/")))["hoursAvailable"]
    online = {"@type": "OpeningHoursSpecification", "name": "Layanan online"}
    christmas = {"validFrom": "2026-12-24", "validThrough": "2026-12-24"}
    days = {"validFrom": "2027-02-08", "validThrough": "2027-03-09", "dayOfWeek": "Monday"}
    assert [each for each in hours if "validFrom" in each] == [
        online | christmas | {"opens": "00:00", "closes": "00:00"},
        online | days | {"opens": "08:00", "closes": "12:00"},
        online | days | {"opens": "12:30", "closes": "15:00"},
    ]


def test_what_an_office_has_not_entered_is_left_out(client):
    OfficeFactory(slug="hemat", phone="", email="", website="")
    provider = json.loads(block_of(client.get("/hemat/")))["provider"]

    assert not {"telephone", "email", "url"} & set(provider)


def test_an_offices_name_cannot_end_the_block(client):
    name = "KPPN </script><script>alert(1)</script> & <!-- rekan"
    OfficeFactory(slug="nakal", full_name=name)
    block = block_of(client.get("/nakal/"))

    assert not set("<>&") & set(block)
    assert json.loads(block)["provider"]["name"] == name
