"""What becomes a number, a date, a row's key or a choice is bounded, wherever it comes from."""

import logging
from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from config.wsgi import application
from offices.parameters import LARGEST_KEY, read_number, read_place
from tests.hostile import BROKEN, END, MULTIPART, part, urlencoded
from tests.strict import StrictClient
from tests.test_access import World

pytestmark = pytest.mark.django_db
DIGITS = ("9" * 5_000, "9" * 20, str(2**63), "-1", "0", "1e309", "NaN", "½", "١٢", "1_0", " 1", "\x00", "")
MALFORMED = [
    (b"x", "multipart/form-data; boundary="),
    (b"x", f"multipart/form-data; boundary={'b' * 500}"),
    (
        part(b"!", 'Content-Disposition: form-data; name="a"', "Content-Transfer-Encoding: base64") + END,
        MULTIPART,
    ),
    *BROKEN.values(),
]


@pytest.fixture
def world(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level(logging.CRITICAL)
    return World()


@pytest.fixture
def send(world):
    def send(person, method, address, pairs=(), **headers):
        client = StrictClient()
        client.force_login(world.people[person])
        if method == "GET":
            return client.get(f"{address}?{urlencoded(pairs).decode()}", **headers)
        return client.generic(
            "POST", address, urlencoded(pairs), "application/x-www-form-urlencoded", **headers
        )

    return send


@pytest.mark.parametrize("text", [*DIGITS[:2], *DIGITS[2:4], *DIGITS[5:]])
def test_what_is_no_number_that_fits_is_none(text):
    assert read_number(text) is None


def test_a_number_is_read_up_to_its_bound():
    assert read_number("0") == 0
    assert read_number(str(LARGEST_KEY)) == LARGEST_KEY
    assert read_number("12", largest=11) is None


@pytest.mark.parametrize("digits", DIGITS)
def test_a_place_with_a_key_that_is_none_is_none(digits):
    assert read_place(f"2026-12-01T00:00:00+00:00_{digits}", "_") is None


@pytest.mark.parametrize("moment", ["", "2026-12-01T00:00:00", "2026-02-30T00:00:00+00:00", "9" * 5_000])
def test_a_place_without_an_aware_moment_is_none(moment):
    assert read_place(f"{moment}_1", "_") is None


def test_a_place_is_read():
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert read_place(f"{at.isoformat()}_7", "_") == (at, 7)


@pytest.mark.parametrize(("body", "content_type"), MALFORMED)
def test_a_body_that_cannot_be_read_makes_no_unknown_address_known(body, content_type):
    visitor = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = visitor.generic("POST", "/tidak/ada/di/sini/", body, content_type)
    assert response.status_code in {400, 404, 413}


@pytest.mark.parametrize(
    "charset", ["base64", "rot13", "idna", "utf-16", "klingon", "UTF-8", '"base64"', "x\x00"]
)
def test_whatever_charset_is_named_the_form_is_read_as_utf8(send, world, charset):
    body = "username=Sîti".encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/masuk/",
        "QUERY_STRING": "q=a",
        "CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}; a=b",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    environ["HTTP_HOST"] = "testserver"
    answers = []
    assert b"".join(application(environ, lambda status, _headers: answers.append(status)))
    assert answers == ["403 Forbidden"]  # no token of the form, which was looked for


@pytest.mark.parametrize("digits", [DIGITS[0], *DIGITS[2:4], *DIGITS[7:9]])
def test_no_digits_break_a_page_of_the_desk(send, world, digits):
    asked = [
        (
            "cso",
            "GET",
            "/meja/konsultasi/",
            [("sesudah", f"2026-12-01T00:00:00+00:00_{digits}"), ("q", digits)],
        ),
        ("cso", "GET", "/meja/pesan/", [("sebelum", digits)]),
        ("cso", "GET", "/meja/pemberitahuan/", [("sebelum", digits)]),
        ("head", "GET", "/eskalasi/", [("sesudah", f"2026-12-01T00:00:00+00:00,{digits}")]),
        ("cso", "POST", "/meja/sesi/mulai/", [("ticket", digits)]),
        ("cso", "POST", "/meja/antrean/lewati/", [("ticket", digits)]),
        ("cso", "GET", f"/{world.office.slug}/papan/", [("sejak", digits)]),
        (
            "office_head",
            "GET",
            f"/{world.office.slug}/survei/hasil/",
            [("tahun", digits), ("triwulan", digits)],
        ),
    ]
    for person, method, address, pairs in asked:
        for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
            assert send(person, method, address, pairs, **headers).status_code < 500, address


def test_a_refused_form_of_a_document_comes_back_as_page_and_as_part(send, world):
    address = f"/meja/konsultasi/{world.consultation.number}/dokumen/{world.keys['item']}"
    for act, headers in product(("terima", "periksa"), ({}, {"HTTP_HX_REQUEST": "true"})):
        response = send("cso", "POST", f"{address}/{act}/", [("note", "\x00"), ("reason", "")], **headers)
        assert response.status_code in {302, 404, 422}, (act, headers)


@pytest.mark.parametrize("model", ["holiday", "specialhours"])
def test_no_digits_break_a_list_of_the_admin(send, model):
    field = {"holiday": "date", "specialhours": "starts_on"}[model]
    dates = ([f"{field}__year"], [f"{field}__year", f"{field}__month"], [f"{field}__year", f"{field}__day"])
    for digits, names in product(DIGITS, (*dates, ["p"], ["id__in"])):
        pairs = [(name, digits) for name in names]
        assert send("administrator", "GET", f"/admin/offices/{model}/", pairs).status_code < 500, names


def test_no_digits_break_an_act_of_the_admin(send):
    for digits, action in product(DIGITS, ("delete_selected", "9" * 5_000)):
        pairs = [
            ("action", action),
            ("_selected_action", digits),
            ("index", digits),
            ("select_across", digits),
        ]
        assert send("administrator", "POST", "/admin/offices/holiday/", pairs).status_code < 500


def test_hours_that_name_special_hours_of_which_they_are_no_part_are_refused(send):
    typed = {
        "service": "online",
        "name": "Setengah hari",
        "starts_on": "2026-12-28",
        "ends_on": "2026-12-28",
        "intervals-TOTAL_FORMS": "1",
        "intervals-INITIAL_FORMS": "0",
        "intervals-0-special": "9" * 5_000,
        "intervals-0-weekday": "0",
        "intervals-0-opens_at": "08:00",
        "intervals-0-closes_at": "11:00",
    }
    response = send("administrator", "POST", "/admin/offices/specialhours/add/", typed.items())
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
