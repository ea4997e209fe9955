"""An administrator who changes the calendar sees first which promises move; then all of it happens, or nothing."""

from datetime import time
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations import lifecycle
from consultations.admin import BACK, CONFIRM
from consultations.enums import Act, TimerKind
from consultations.models import Consultation, Timer
from consultations.recount import follow_calendars
from consultations.sweep import sweep
from notifications.models import Message
from offices.enums import HolidayKind, Role
from offices.models import Holiday
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ADD = "/admin/offices/holiday/add/"
LIST = "/admin/offices/holiday/"


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23), tick=False)


@pytest.fixture
def consultation(office, cso, at):
    """Asked on Friday, due on Wednesday."""
    return ConsultationFactory(office=office, now=at(20), officer=cso, question="Bagaimana retur SP2D?")


def signed_in(office, role=Role.OFFICE_ADMIN):
    client = StrictClient()
    client.force_login(StaffFactory(office=office, role=role))
    return client


@pytest.fixture
def admin(office):
    return signed_in(office)


@pytest.fixture
def closed_on_tuesday(office):
    """What is typed to close the office on the day before the answer is due."""
    return {"office": office.pk, "date": "2026-11-24", "kind": HolidayKind.CLOSED, "name": "Banjir & lumpur"}


def local_holiday(office, at, day, kind=HolidayKind.LOCAL):
    return Holiday.objects.create(office=office, date=at(day).date(), name="Hari jadi", kind=kind)


def change(row):
    return reverse(f"admin:offices_{type(row).__name__.lower()}_change", args=[row.pk])


def delete(row):
    return reverse(f"admin:offices_{type(row).__name__.lower()}_delete", args=[row.pk])


class Fields(HTMLParser):
    """The hidden fields and the buttons of a page's last form."""

    def __init__(self, page):
        super().__init__()
        self.hidden, self.buttons = {}, {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.hidden, self.buttons = {}, {}
        elif tag == "input" and values.get("type") == "hidden":
            self.hidden.setdefault(values["name"], []).append(values["value"])
        elif tag == "button" and "name" in values:
            self.buttons[values["name"]] = values["value"]


def press(client, asked, button):
    """Press a button of the confirmation page."""
    fields = Fields(asked.content.decode())
    return client.post(asked.request["PATH_INFO"], fields.hidden | {button: fields.buttons[button]})


def asked_first(response):
    return response.status_code == 200 and "belum disimpan" in response.content.decode()


def hours_form(client, office, **changed):
    """Everything on the office's page as it stands, with these fields of its hours changed."""
    page = client.get(change(office))
    form = page.context["adminform"].form
    hours = page.context["inline_admin_formsets"][0].formset
    data = {name: form.initial.get(name) or "" for name in form.fields}
    data |= {f"{hours.prefix}-{name}": value for name, value in hours.management_form.initial.items()}
    for row in hours.forms:
        data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields if name != "DELETE"}
        if row.instance.service == "online":
            data |= {row.add_prefix(name): value for name, value in changed.items()}
        data[row.add_prefix("weekday")] = row.instance.weekday if row.instance.pk else ""
    return data


def test_the_moves_are_shown_and_nothing_is_saved(admin, consultation, closed_on_tuesday, cso, at):
    response = admin.post(ADD, closed_on_tuesday)
    page = " ".join(response.content.decode().split())
    assert asked_first(response)
    for shown in (
        consultation.number,
        "Bagaimana retur SP2D?",
        cso.full_name,
        "Rabu, 25 November 2026 pukul 17.00 WITA",
        "Kamis, 26 November 2026 pukul 17.00 WITA",
        "0 konsultasi terbuka lainnya tidak terpengaruh",
        "berubah pada 1 konsultasi; stakeholder yang bersangkutan akan diberi tahu",
    ):
        assert shown in page
    consultation.refresh_from_db()
    assert (Holiday.objects.count(), consultation.due_at) == (0, at(25, 17))
    assert "berhasil ditambahkan" not in page
    assert not admin.get(LIST).context["messages"]


def test_a_change_that_moves_nothing_is_saved_without_asking(admin, closed_on_tuesday):
    assert admin.post(ADD, closed_on_tuesday | {"date": "2026-12-14"}).status_code == 302
    assert Holiday.objects.exists()


def test_what_moves_and_what_does_not_is_counted(admin, office, consultation, closed_on_tuesday, at):
    overdue = ConsultationFactory(office=office, now=at(10))
    page = admin.post(ADD, closed_on_tuesday).content.decode()
    assert "<strong>1 konsultasi</strong>" in page
    assert "1 konsultasi terbuka lainnya tidak terpengaruh" in page
    assert overdue.number not in page


def test_a_long_list_is_cut_and_its_rest_counted(admin, closed_on_tuesday, consultation, monkeypatch):
    monkeypatch.setattr("consultations.admin.SHOWN", 0)
    page = admin.post(ADD, closed_on_tuesday).content.decode()
    assert consultation.number not in page
    assert "Dan 1 konsultasi lainnya" in page


def test_ten_more_consultations_take_no_more_statements(admin, office, consultation, closed_on_tuesday, at):
    with CaptureQueriesContext(connection) as few:
        assert asked_first(admin.post(ADD, closed_on_tuesday))
    for _ in range(10):
        ConsultationFactory(office=office, now=at(20))
    with CaptureQueriesContext(connection) as many:
        assert asked_first(admin.post(ADD, closed_on_tuesday))
    assert len(many) <= len(few)


def test_the_change_and_the_moves_happen_together(admin, consultation, closed_on_tuesday, at):
    response = press(admin, admin.post(ADD, closed_on_tuesday), CONFIRM)
    assert (response.status_code, response.url) == (302, LIST)
    consultation.refresh_from_db()
    assert Holiday.objects.get().name == "Banjir & lumpur"
    assert consultation.due_at == consultation.promises.get().due_at == at(26, 17)
    assert "menjadi Kamis, 26 November 2026" in consultation.entries.get(act=Act.MOVE_DEADLINE).text
    assert Message.objects.get(kind="deadline_moved").recipient == consultation.contact_email
    deadline = Timer.objects.unfired().get(consultation=consultation, kind=TimerKind.DEADLINE)
    assert deadline.fires_at == at(26, 17)
    assert "Batas waktu 1 konsultasi telah disesuaikan." in admin.get(LIST).content.decode()


def test_the_clock_then_finds_nothing_to_do(
    admin, consultation, closed_on_tuesday, at, django_assert_max_num_queries
):
    press(admin, admin.post(ADD, closed_on_tuesday), CONFIRM)
    with django_assert_max_num_queries(5):
        assert follow_calendars(at(23, 10, 1)) == 0
    assert consultation.entries.filter(act=Act.MOVE_DEADLINE).count() == 1


def test_another_hour_of_the_same_date_is_recorded_but_not_written_about(admin, office, consultation, at):
    asked = admin.post(change(office), hours_form(admin, office, closes_at="16:00"))
    assert "tanggalnya tetap; stakeholder tidak dikirimi" in asked.content.decode()
    assert office.service_hours.filter(closes_at=time(16)).count() == 0
    assert press(admin, asked, CONFIRM).status_code == 302
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 16)
    assert consultation.entries.filter(act=Act.MOVE_DEADLINE).exists()
    assert not Message.objects.filter(kind="deadline_moved").exists()


def test_a_deleted_holiday_moves_promises_back(admin, office, cso, at):
    holiday = local_holiday(office, at, 24)
    consultation = ConsultationFactory(office=office, now=at(20), officer=cso)
    asked = admin.post(delete(holiday), {"post": "yes"})
    assert asked_first(asked)
    assert Holiday.objects.exists()
    assert press(admin, asked, CONFIRM).status_code == 302
    consultation.refresh_from_db()
    assert (Holiday.objects.exists(), consultation.due_at) == (False, at(25, 17))


def test_many_holidays_deleted_at_once_are_asked_about_too(admin, office, at):
    days = [local_holiday(office, at, day) for day in (24, 25)]
    consultation = ConsultationFactory(office=office, now=at(20))
    picked = {"action": "delete_selected", "_selected_action": [day.pk for day in days], "post": "yes"}
    asked = admin.post(LIST, picked)
    assert asked_first(asked)
    assert Holiday.objects.count() == 2
    assert press(admin, asked, CONFIRM).status_code == 302
    consultation.refresh_from_db()
    assert (Holiday.objects.count(), consultation.due_at) == (0, at(25, 17))


def test_a_day_declared_working_moves_promises_nearer(admin, office, consultation, at):
    saturday = {"office": office.pk, "date": "2026-11-21", "kind": "hari_kerja_khusus", "name": "Lembur"}
    press(admin, admin.post(ADD, saturday), CONFIRM)
    consultation.refresh_from_db()
    assert consultation.due_at == at(24, 17)


def test_a_promise_is_not_moved_into_the_past(admin, office, at):
    consultation = ConsultationFactory(office=office, now=at(18))
    saturday = {"office": office.pk, "date": "2026-11-21", "kind": "hari_kerja_khusus", "name": "Lembur"}
    sunday = saturday | {"date": "2026-11-22"}
    for day in (saturday, sunday):
        assert admin.post(ADD, day).status_code == 302
    consultation.refresh_from_db()
    assert consultation.due_at == at(23, 17)


def test_the_form_shows_what_was_typed(admin, consultation, closed_on_tuesday):
    form = press(admin, admin.post(ADD, closed_on_tuesday), BACK)
    assert 'value="Banjir &amp; lumpur"' in form.content.decode()
    assert form.context["adminform"].form["date"].value() == "2026-11-24"
    assert not form.context["errors"]
    assert not Holiday.objects.exists()


def test_typed_hours_are_shown_too(admin, office, consultation):
    form = press(admin, admin.post(change(office), hours_form(admin, office, closes_at="16:00")), BACK)
    assert form.content.decode().count('value="16:00"') == 5
    assert not office.service_hours.filter(closes_at=time(16)).exists()


@pytest.mark.parametrize("many", [True, False])
def test_what_was_to_be_deleted_stays(admin, office, at, many):
    holiday = local_holiday(office, at, 24)
    ConsultationFactory(office=office, now=at(20))
    where = LIST if many else delete(holiday)
    sent = {"action": "delete_selected", "_selected_action": [holiday.pk], "post": "yes"}
    response = press(admin, admin.post(where, sent), BACK)
    assert (response.status_code, response.url) == (302, where)
    assert Holiday.objects.exists()


def test_a_forged_confirmation_is_checked_like_any_change(admin, consultation, closed_on_tuesday):
    asked = Fields(admin.post(ADD, closed_on_tuesday).content.decode())
    forged = closed_on_tuesday | asked.buttons | {"kind": "libur_besar"}
    response = admin.post(ADD, forged)
    assert "kind" in response.context["adminform"].form.errors
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("word", ["", "1", "\x00", "é" * 5000])
def test_a_confirmation_of_nothing_that_was_shown_asks(admin, consultation, closed_on_tuesday, word):
    assert asked_first(admin.post(ADD, closed_on_tuesday | {CONFIRM: word}))
    assert not Holiday.objects.exists()


def test_who_confirms_on_a_calendar_that_a_colleague_changed_is_asked_again(
    admin, office, consultation, closed_on_tuesday, at
):
    asked = admin.post(ADD, closed_on_tuesday)
    colleague = signed_in(office)
    press(colleague, colleague.post(ADD, closed_on_tuesday | {"date": "2026-11-25"}), CONFIRM)
    again = press(admin, asked, CONFIRM)
    assert asked_first(again)
    assert "Jumat, 27 November 2026" in again.content.decode()
    press(admin, again, CONFIRM)
    consultation.refresh_from_db()
    assert consultation.due_at == at(27, 17)


def test_another_offices_calendar_is_out_of_reach(office, consultation, closed_on_tuesday, at):
    holiday = local_holiday(office, at, 25)
    stranger = signed_in(OfficeFactory())
    named = Fields(signed_in(office).post(ADD, closed_on_tuesday).content.decode()).buttons
    for sent in ({}, {CONFIRM: named[CONFIRM]}, {BACK: "1"}):
        assert "office" in stranger.post(ADD, closed_on_tuesday | sent).context["adminform"].form.errors
        assert stranger.post(change(holiday), closed_on_tuesday | sent).status_code == 302
        assert stranger.post(delete(holiday), {"post": "yes"} | sent).status_code == 302
    assert list(Holiday.objects.all()) == [holiday]


def test_the_page_shows_the_own_offices_consultations_alone(admin, consultation, closed_on_tuesday, at):
    elsewhere = ConsultationFactory(now=at(20))
    page = admin.post(ADD, closed_on_tuesday).content.decode()
    assert elsewhere.number not in page
    assert "0 konsultasi terbuka lainnya" in page


def test_the_offices_head_reads_the_calendar_only(office, consultation, closed_on_tuesday):
    head = signed_in(office, Role.OFFICE_HEAD)
    assert head.post(ADD, closed_on_tuesday).status_code == 403
    assert head.post(ADD, closed_on_tuesday | {BACK: "1"}).status_code == 403


def test_a_national_day_moves_the_promises_of_every_office(consultation, at):
    ConsultationFactory(now=at(20))
    root = StrictClient()
    root.force_login(StaffFactory(is_superuser=True))
    national = {"office": "", "date": "2026-11-24", "kind": HolidayKind.NATIONAL, "name": "Hari besar"}
    press(root, root.post(ADD, national), CONFIRM)
    assert set(Consultation.objects.values_list("due_at", flat=True)) == {at(26, 17)}


def test_a_late_reminder_waits_for_the_next_working_day(admin, office, closed_on_tuesday, at):
    ConsultationFactory(office=office, now=at(10))
    sweep(at(23))
    reminder = Timer.objects.unfired().filter(kind=TimerKind.LATE_REMINDER)
    assert reminder.get().fires_at == at(24, 8)
    assert admin.post(ADD, closed_on_tuesday).status_code == 302
    assert reminder.get().fires_at == reminder.get().sweep_at == at(25, 8)


def test_a_document_reminder_waits_for_the_next_working_day(
    admin, consultation, officer, closed_on_tuesday, at
):
    lifecycle.request_documents(consultation, ["SPM"], by=officer, now=at(20))
    reminder = Timer.objects.unfired().filter(kind=TimerKind.DOCUMENT_REMINDER)
    assert reminder.get().fires_at == at(24, 8)
    press(admin, admin.post(ADD, closed_on_tuesday), CONFIRM)
    assert reminder.get().fires_at == at(25, 8)
