"""Nothing anybody sends breaks a public page or comes back as code.

Every address that asks nobody who they are is tried, found in the URLconf itself: a new one joins by itself.
"""

import logging
import re
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.views.public import answer_helped, similar_answers
from consultations import actors, lifecycle
from consultations.models import Consultation
from consultations.tokens import token_of
from tests import hostile
from tests.factories import ConsultationFactory, paper
from tests.hostile import BROKEN, FORM, HOSTILE, MARK, SCRIPTS, FormReader, in_path, urlencoded
from tests.strict import StrictClient
from tests.test_access import World, expectations
from throttle.models import Bucket

pytestmark = pytest.mark.django_db
ROUTES = sorted({*hostile.public_routes()} - {"<slug:slug>/papan/siaran/"})
WRITING = [route for route in ROUTES if not route.startswith(("healthz", "metrics"))]
HARMLESS = [similar_answers, answer_helped]  # one reads, one counts within limits
HEADERS = {
    "HTTP_HX_REQUEST": "true",
    "HTTP_HX_TARGET": "%s",
    "HTTP_HX_CURRENT_URL": "http://testserver/%s",
    "HTTP_REFERER": "http://testserver/%s",
    "HTTP_X_FORWARDED_FOR": "%s, 1.2.3.4",
    "HTTP_ACCEPT_LANGUAGE": "%s",
    "HTTP_USER_AGENT": "%s",
    "HTTP_COOKIE": "sessionid=%s; messages=%s; csrftoken=%s",
    "HTTP_IF_MODIFIED_SINCE": "%s",
    "HTTP_IF_NONE_MATCH": "%s",
    "HTTP_RANGE": "bytes=%s",
}


class Street:
    """The open side of an office: its addresses, and what each of their forms would take."""

    def __init__(self):
        self.world = World()
        # A consultation in each state that shows a stakeholder another form.
        others = [
            ConsultationFactory(office=self.world.office, **{state: True}) for state in ("resolved", "closed")
        ]
        self.tokens = [self.world.keys["token"], *map(token_of, others)]
        self.forms, self.known = {}, {"q": "retur", "next": "/meja/", "category": "RETUR"}
        for route in ROUTES:
            for address in self.addresses(route):
                self.read(address)

    def addresses(self, route):
        if not route.startswith("lacak/<") or "<uuid" in route or "<int" in route:
            return [self.world.address(route)]
        keys = self.world.keys
        return [self.world.address(route).replace(keys["token"], token) for token in self.tokens]

    def read(self, address):
        response = self.send("GET", address)
        if response.status_code != 200 or response.streaming:
            return
        for method, action, fields in FormReader(response.content.decode()).forms:
            fields.pop("csrfmiddlewaretoken", None)
            self.forms[method, action or address] = fields
            self.known = {**fields, **self.known}

    def own(self, address):
        return self.forms.get(("post", address), {})

    def fields(self, address):
        """What the form that is sent to this address would take; of an address without one, every name there is."""
        return self.own(address) or self.known

    def everywhere(self, routes=WRITING):
        """Every address, those of a consultation in each of its states."""
        return [address for route in routes for address in self.addresses(route)]

    def once(self, routes=WRITING):
        return [self.world.address(route) for route in routes]

    def send(self, method, address, body=b"", content_type=FORM, **headers):
        """Send it, and undo what it did."""
        with transaction.atomic():
            response = StrictClient().generic(method, address, body, content_type, **headers)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response


@pytest.fixture
def street(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level(logging.CRITICAL, "django")
    return Street()


def is_fine(response, address):
    """The health page says with a 503 that a clock stands still; any other page has broken."""
    return response.status_code < 500 or address.startswith("/healthz")


def test_every_address_that_the_table_opens_to_anybody_is_tried():
    opened = {
        route
        for route, methods in expectations().items()
        if methods["GET"]["anonymous"] == 200 or methods["POST"]["anonymous"] in {200, 422}
    }
    assert opened <= set(ROUTES)


def test_a_hostile_query_or_header_is_taken_or_refused(street):
    broken = []
    for address, (what, value) in product(street.once(ROUTES), HOSTILE.items()):
        names = [*street.forms.get(("get", address), {}), "q", "next", "category", "sesudah", "page"]
        query = urlencoded((name, value[:2_000]) for name in names for _ in "12").decode()
        plain = "".join(sign for sign in value[:500] if " " <= sign <= "~")  # what a web server lets through
        headers = {header: text.replace("%s", plain) for header, text in HEADERS.items()}
        if not is_fine(street.send("GET", f"{address}?{query}", **headers), address):
            broken.append((address, what))
    assert not broken


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_hostile_address_leads_nowhere(street, method):
    broken = []
    for route in ROUTES:
        for (key, _), (what, value) in product(re.findall(r"(<\w+:(\w+)>)", route), HOSTILE.items()):
            address = street.world.address(route.replace(key, "@@")).replace("@@", in_path(value[:2_000]))
            if not is_fine(street.send(method, address), address):
                broken.append((route, key, what))
    assert not broken


def test_a_body_that_is_no_form_is_refused(street):
    broken = []
    for address, (what, (body, content_type)) in product(street.once(), BROKEN.items()):
        if not is_fine(street.send("POST", address, body, content_type), address):
            broken.append((address, what))
    assert not broken


def test_names_given_twice_or_strangely_are_taken_or_refused(street):
    broken = []
    for address, (what, value) in product(street.once(), HOSTILE.items()):
        fields, short = street.fields(address), value[:500]
        twice = [(name, said) for name in fields for said in (fields[name], short)]
        strange = [(short, "x"), ("__class__", short), ("", short)]
        if not is_fine(street.send("POST", address, urlencoded([*twice, *strange])), address):
            broken.append((address, what))
    assert not broken


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_text_is_sent_the_page_answers(street, data):
    address = data.draw(st.sampled_from(street.everywhere()))
    fields = street.fields(address)
    names = st.sampled_from([*street.known, *fields])
    said = data.draw(st.dictionaries(names, ANYTHING, max_size=4))
    assert is_fine(street.send("POST", address, urlencoded({**fields, **said}.items())), address)


def test_nothing_is_taken_from_a_page_of_somebody_else(street):
    """A form on another site brings no token along, whatever cookies the browser adds to it."""
    for address in street.everywhere():
        visitor = Client(enforce_csrf_checks=True)
        visitor.cookies["csrftoken"] = "A" * 32
        response = visitor.post(address, {**street.fields(address), "csrfmiddlewaretoken": "B" * 32})
        assert response.status_code in {403, 405} or is_harmless(address), address


def is_harmless(address):
    return resolve(address).func in HARMLESS


def store(street):
    """Every script, wherever somebody without an account can leave a word or a file."""
    office, cso = street.world.office, actors.officer(street.world.people["cso"])
    for address, script in product(street.everywhere(), (SCRIPTS[2], "\n".join(SCRIPTS))):
        fields = street.fields(address)
        Bucket.objects.all().delete()  # what nobody could send in an hour is sent in a second
        StrictClient().post(
            address, {name: script if is_free(said) else said for name, said in fields.items()}
        )
    for script in SCRIPTS[:3]:
        asked = {"question": script, "contact": lifecycle.Contact(script[:120], "", "siti@contoh.id")}
        consultation = ConsultationFactory(office=office, by=actors.STAKEHOLDER, **asked)
        now = consultation.recorded_at
        lifecycle.message(consultation, script, now=now, files=[paper(script.replace("/", "∕"))])
        lifecycle.take(consultation, by=cso, now=now)


def is_free(said):
    """A text of the visitor's own, not a choice or a number of the page."""
    return said in FormReader.ANSWERS.values() or said.startswith("Mengapa")


def pages(street):
    """Every page of the table and of every consultation, as each kind of person sees it."""
    consultations = Consultation.objects.filter(office=street.world.office)
    own = [f"/lacak/{token_of(each)}/" for each in consultations]
    desk = [each.get_absolute_url() for each in consultations]
    table = [street.world.address(route) for route in expectations() if "siaran" not in route]
    people = street.world.people
    for person in (None, people["cso"], people["office_head"], people["administrator"]):
        addresses = [*table, *own] if person is None else [*table, *desk]
        for address in addresses:
            visitor = StrictClient()
            if person:
                visitor.force_login(person)
            response = visitor.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
            elif response.headers.get("Content-Type", "").startswith("text/html"):
                yield person, address, response.content.decode()


def test_what_was_said_is_shown_as_text_to_everybody(street):
    """The strict client itself refuses a page with code of its own; the words must still be there to be read."""
    store(street)
    readers = set()
    for person, address, page in pages(street):
        assert not [script for script in SCRIPTS if script[0] in "<'\"" and script in page], address
        if MARK in page:
            readers.add(person)
    assert {None, street.world.people["cso"], street.world.people["office_head"]} <= readers
