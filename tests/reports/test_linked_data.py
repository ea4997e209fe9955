"""What machines read of an office's page."""

import json
import re

import pytest
from django.core.management import call_command

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
