"""Every field of every public form meets every hostile value while the others are right, down to the rule and the row.

The forms are read from the pages themselves, so a new one joins. A value is first put into all fields of a form at once,
which tells the fields that refuse it. Those that take it then get it together, with what is right in the others: a value
a field takes is right for the form, and goes on to the rule and the database.
"""

import logging
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.forms import BaseForm
from django.test import Client

from consultations.tokens import token_of
from tests import hostile, samples
from tests.factories import PASSWORD, ConsultationFactory, SatkerFactory
from tests.hostile import END, FORM, HOSTILE, MARK, MULTIPART, SCRIPTS, FormReader, part, urlencoded
from tests.strict import StrictClient
from tests.test_access import World

pytestmark = pytest.mark.django_db
MONDAY_MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)  # every service is open
ROUTES = sorted({*hostile.public_routes()} - {"<slug:slug>/papan/siaran/"})
LONGEST = 6_000  # more than any field takes; test_hostile_input.py sends whole megabytes
MARKS = {
    "note",
    "challenge",
    "solution",
}  # whatever stands in these is taken, and the question held for an officer
SHOWABLE = [script for script in SCRIPTS if script[0] in "<'\""]


class Forms:
    """What the public pages let anybody fill in: (address, fields with what is right), each kind of form once."""

    def __init__(self):
        world = World()
        office = world.office
        ended = [ConsultationFactory(office=office, **{state: True}) for state in ("resolved", "closed")]
        contact = world.consultation.contact_email
        self.right = {
            **samples.browser_work(),
            "username": world.people["cso"].username,
            "password": PASSWORD,
            "satker_code": SatkerFactory().code,
            "number": world.consultation.number,
            "contact": contact,
            "mine": contact,
            "link": world.keys["token"],
        }
        self.found = {}
        tracked = [f"/lacak/{token_of(each)}/" for each in ended]
        for address in [*map(world.address, ROUTES), *tracked]:
            self.read(address)

    def read(self, address):
        response = Client().get(address)
        if response.streaming:
            b"".join(response.streaming_content)
            return
        for method, action, asked in FormReader(response.content.decode()).forms:
            fields = {name: self.right.get(name, said) for name, said in asked.items() if name}
            fields.pop("csrfmiddlewaretoken", None)
            if method == "post" and fields.keys() - {"page"}:  # more than files and the page's own number
                sent_to = urljoin(address, action)
                self.found.setdefault((sent_to.split("/")[-2], *fields), (sent_to, fields))


@pytest.fixture
def forms(settings, tmp_path, caplog, time_machine):
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level(logging.CRITICAL)
    time_machine.move_to(MONDAY_MORNING, tick=False)
    found = [*Forms().found.values()]
    question, said = next((address, fields) for address, fields in found if "organisation" in fields)
    return [*found, (question, said | {"kind": "pemda"})]  # whose organisation counts


def send(address, body, content_type=FORM):
    """Send it and undo what it did; a script is also looked for where sending it leads."""
    has_script = MARK.encode() in body
    with transaction.atomic():
        client = (
            StrictClient() if has_script else Client()
        )  # the strict one refuses pages with code of their own
        response = client.generic("POST", address, body, content_type)
        is_led_on = has_script and response.status_code == 302
        response.shown = (client.get(response.url) if is_led_on else response).content.decode()
        transaction.set_rollback(True)
    return response


def refused_by(response):
    """The fields that refused what they were sent."""
    bound = [
        form
        for each in response.context or ()
        for form in each.flatten().values()
        if isinstance(form, BaseForm)
    ]
    return {name for form in bound if form.is_bound for name in form.errors}


def is_broken(response):
    return response.status_code >= 500 or any(script in response.shown for script in SHOWABLE)


def test_each_form_takes_what_a_person_would_write(forms):
    refused = [
        address for address, fields in forms if send(address, urlencoded(fields.items())).status_code != 302
    ]
    assert refused == []
    assert len(forms) >= 14


def test_a_hostile_value_in_any_field_breaks_nothing_and_comes_back_as_text(forms):
    broken, values, taken = [], 0, 0
    for address, fields in forms:
        for what, whole in HOSTILE.items():
            value = whole[:LONGEST]
            everywhere = send(address, urlencoded((name, value) for name in fields))
            takers = fields.keys() - refused_by(everywhere)
            groups = [takers - MARKS, takers & MARKS]
            if "password" in fields:
                groups = [{name} for name in fields]  # refused together, without a word on which
            tries = [
                send(address, urlencoded((fields | dict.fromkeys(group, value)).items()))
                for group in groups
                if group
            ]
            broken += [(address, what) for each in (everywhere, *tries) if is_broken(each)]
            values += len(fields)
            taken += sum(each.status_code == 302 for each in tries)
    assert not broken
    assert (values > 4_000, taken > 500) == (True, True), (values, taken)


def test_a_file_of_any_name_is_taken_or_refused(forms):
    broken, content = [], samples.pdf()
    takers = [
        (address, fields) for address, fields in forms if address.endswith(("/konsultasi/", "/balas/"))
    ][:2]
    for address, fields in takers:
        texts = [
            part(said.encode(), f'Content-Disposition: form-data; name="{name}"')
            for name, said in fields.items()
        ]
        for what, value in HOSTILE.items():
            file = hostile.file_part("attachments", f"{value[:LONGEST]}.pdf", content)
            if is_broken(send(address, b"".join([*texts, file, END]), MULTIPART)):
                broken.append((address, what))
    assert not broken
