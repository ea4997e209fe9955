"""Any number of hostile requests, to every address and as every kind of person, reproducible by a seed."""

import random
import re
from collections import Counter
from itertools import count

from django.db import transaction

from offices.enums import Role
from offices.models import Staff
from tests.factories import StaffFactory
from tests.hostile import BROKEN, FORM, HOSTILE, FormReader, in_path, urlencoded
from tests.strict import StrictClient
from tests.test_access import PEOPLE, views

# What no form names: Django's own, in the admin and elsewhere.
ADMIN = (
    "p", "o", "q", "e", "all", "date__year", "date__month", "date__day", "id__exact", "pk__in", "office__id__exact",
    "is_active__exact", "_changelist_filters", "_to_field", "_popup", "action", "_selected_action", "select_across",
    "index", "app_label", "model_name", "field_name", "term", "form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id",
)  # fmt: skip
OTHER = (
    "next",
    "page",
    "sesudah",
    "sebelum",
    "sejak",
    "tahun",
    "triwulan",
    "hari",
    "ticket",
    "layar",
    "category",
    "q",
)
OUT_OF_SERVICE = re.compile(r"/healthz|/papan/siaran/")  # 503 is their answer, not their failure


class Fuzz:
    """Sends hostile requests into a world; `failures` has one line for each kind of failure."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.staff = {
            **world.people,
            "superuser": Staff.objects.create_superuser("root", full_name="Root", email="", password="x"),
            "stranger": StaffFactory(role=Role.CSO),
        }
        self.cookies, self.forms = {"anonymous": {}}, {}
        self.routes = sorted({route for route, _ in views()} | {"tidak/ada/", "tidak-ada"})
        self.failures, self.statuses = {}, Counter()

    def run(self, requests):
        for number in count(1):
            if number > requests:
                return
            self.one()

    def one(self):
        person, route = self.chance.choice(PEOPLE), self.chance.choice(self.routes)
        address, method = (
            self.address(route),
            self.chance.choice(("GET", "GET", "POST", "POST", "POST", "PUT")),
        )
        body, content_type = b"", FORM
        if method != "GET":
            body, content_type = self.body(person, address)
        if self.chance.random() < 0.5:
            address += "?" + urlencoded(self.pairs(address)).decode()
        headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "x"} if self.chance.random() < 0.4 else {}
        what = f"{method} {route} as {person}"
        try:
            response = self.send(person, method, address, body, content_type, **headers)
        except Exception as error:  # noqa: BLE001 - each of them is a page that breaks
            place = error.__traceback__
            while place.tb_next:
                place = place.tb_next
            kind = f"{type(error).__name__} at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
            self.failures.setdefault(kind, f"{what}: {str(error)[:300]} | {address[:300]} | {body[:300]}")
            return
        self.statuses[response.status_code] += 1
        if response.status_code >= 500 and not OUT_OF_SERVICE.search(address):
            self.failures.setdefault(
                f"{response.status_code} {route}", f"{what} | {address[:300]} | {body[:300]}"
            )

    def send(self, person, method, address, body=b"", content_type=FORM, **headers):
        """Send it as somebody, and undo what it did."""
        client = StrictClient()
        if person not in self.cookies:
            client.force_login(self.staff[person])
            self.cookies[person] = {name: morsel.value for name, morsel in client.cookies.items()}
        client.cookies.load(self.cookies[person])
        with transaction.atomic():
            response = client.generic(method, address, body, content_type, **headers)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response

    def value(self):
        return self.chance.choice(list(HOSTILE.values()))[:2_000]

    def address(self, route):
        keys = re.findall(r"<(?:\w+:)?\w+>", route)
        if not keys or self.chance.random() < 0.7:
            return self.world.address(route)
        return self.world.address(route.replace(self.chance.choice(keys), "@@", 1)).replace(
            "@@", in_path(self.value())
        )

    def pairs(self, address):
        names = ADMIN if address.startswith("/admin") and self.chance.random() < 0.8 else OTHER
        chosen = self.chance.sample(names, self.chance.randint(1, 4))
        return [(name, self.value()) for name in chosen for _ in range(self.chance.randint(1, 2))]

    def body(self, person, address):
        """What a form there would send with some of it replaced, or something that is no form."""
        if self.chance.random() < 0.15:
            return self.chance.choice(list(BROKEN.values()))
        fields = dict(self.fields(person, address))
        for name in self.chance.sample(sorted(fields), min(len(fields), self.chance.randint(0, 3))):
            fields[name] = self.value()
        more = self.pairs(address) if self.chance.random() < 0.3 else []
        return urlencoded([*fields.items(), *more]), FORM

    def fields(self, person, address):
        """The fields of a form that goes to an address, as somebody finds it there or on the pages seen so far."""
        if (person, address) not in self.forms:
            self.forms[person, address] = {}
            response = self.send(person, "GET", address)
            if response.status_code == 200 and "text/html" in response.headers.get("Content-Type", ""):
                for method, action, fields in FormReader(response.content.decode()).forms:
                    if method == "post":
                        self.forms[person, action or address] = fields
        return self.forms[person, address]
