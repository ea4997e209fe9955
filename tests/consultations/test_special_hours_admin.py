"""An administrator enters breaks, half days and Ramadan; which promises move is shown first."""

from datetime import date, time

import pytest
from django.urls import reverse

from consultations.admin import CONFIRM
from consultations.models import Consultation
from offices.enums import Role
from offices.models import Office, SpecialHours
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ADD = "/admin/offices/specialhours/add/"
HALF_DAY = [(2, "08:00", "12:00")]  # the answer is due on a Wednesday


@pytest.fixture(autouse=True)
def _monday_morning(time_machine, at):
    time_machine.move_to(at(23), tick=False)


@pytest.fixture
def consultation(office, cso, at):
    """Asked on Friday, due on Wednesday."""
    return ConsultationFactory(office=office, now=at(20), officer=cso)


@pytest.fixture
def admin(office):
    client = StrictClient()
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
    return client


def typed(office, intervals, *, service="online", first="2026-11-25", last="2026-11-25"):
    """Special hours as the form sends them; an interval is weekday, opening, closing."""
    data = {
        "office": office.pk,
        "service": service,
        "name": "Setengah hari",
        "starts_on": first,
        "ends_on": last,
    }
    data |= {"intervals-TOTAL_FORMS": len(intervals), "intervals-INITIAL_FORMS": 0}
    for number, values in enumerate(intervals):
        for name, value in zip(("weekday", "opens_at", "closes_at"), values, strict=True):
            data[f"intervals-{number}-{name}"] = value
    return data


def confirm(client, data):
    asked = client.post(ADD, data)
    assert "belum disimpan" in asked.content.decode()
    return client.post(ADD, data | dict([asked.context["confirm"]]))


def problems(response):
    """What the page says is wrong with the intervals, by row."""
    return [form.errors for form in response.context["inline_admin_formsets"][0].formset.forms if form.errors]


def test_a_half_day_shows_its_moves_and_then_holds(admin, office, consultation, at):
    asked = admin.post(ADD, typed(office, HALF_DAY))
    page = asked.content.decode()
    assert "Rabu, 25 November 2026 pukul 12.00 WITA" in page
    assert not SpecialHours.objects.exists()
    assert confirm(admin, typed(office, HALF_DAY)).status_code == 302
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 12)
    assert str(SpecialHours.objects.get()) == "Layanan online, Setengah hari (25 November 2026)"


def test_special_hours_taken_back_move_the_promise_back(admin, office, consultation, at):
    confirm(admin, typed(office, HALF_DAY))
    gone = reverse("admin:offices_specialhours_delete", args=[SpecialHours.objects.get().pk])
    asked = admin.post(gone, {"post": "yes"})
    assert "belum disimpan" in asked.content.decode()
    admin.post(gone, {"post": "yes"} | dict([asked.context["confirm"]]))
    consultation.refresh_from_db()
    assert (SpecialHours.objects.exists(), consultation.due_at) == (False, at(25, 17))


def test_a_day_without_hours_is_closed_and_counts_no_more(admin, office, consultation, at):
    confirm(admin, typed(office, []))
    consultation.refresh_from_db()
    assert consultation.due_at == at(26, 17)


def test_special_hours_of_the_counter_are_saved_without_asking(admin, office, consultation, at):
    assert admin.post(ADD, typed(office, HALF_DAY, service="tatap_muka")).status_code == 302
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 17)


@pytest.mark.parametrize(
    ("intervals", "field", "sentence"),
    [
        ([(2, "08:00", "12:00"), (2, "11:00", "15:00")], "opens_at", "bertumpang tindih"),
        ([(2, "12:00", "08:00")], "closes_at", "Jam buka harus sebelum jam tutup."),
        ([(2, "08:00", "08:00")], "closes_at", "Jam buka harus sebelum jam tutup."),
        ([(1, "08:00", "12:00")], "weekday", "Hari Selasa tidak ada pada 25 November 2026."),
    ],
)
def test_intervals_that_cannot_be_are_said_so_where_they_were_typed(
    admin, office, consultation, intervals, field, sentence
):
    refused = admin.post(ADD, typed(office, intervals))
    (found,) = problems(refused)
    assert sentence in found[field][0]
    assert f'value="{intervals[-1][1]}"' in refused.content.decode()
    assert not SpecialHours.objects.exists()


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"first": "2026-11-26", "last": "2026-11-25"}, "Tanggal akhir tidak boleh sebelum tanggal mulai."),
        ({"first": "2026-11-24", "last": "2026-12-04"}, "bertumpang tindih dengan jam khusus lain"),
        ({"first": "2026-11-26", "last": "2028-11-26"}, "paling lama satu tahun"),
    ],
)
def test_dates_that_cannot_be_are_said_so(admin, office, dates, sentence):
    SpecialHours.objects.create(
        office=office,
        service="online",
        name="Masa lain",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 10),
    )
    refused = admin.post(ADD, typed(office, [], **dates))
    assert sentence in str(refused.context["errors"])
    assert SpecialHours.objects.count() == 1


def week_form(client, office):
    """The office's page as it stands."""
    page = client.get(reverse("admin:offices_office_change", args=[office.pk]))
    form, rows = page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset
    data = {name: form.initial.get(name) or "" for name in form.fields}
    data |= {f"{rows.prefix}-{name}": value for name, value in rows.management_form.initial.items()}
    for row in rows.forms:
        for name in row.fields:
            value = row[name].value()
            data[row.add_prefix(name)] = "" if value is None or name == "DELETE" else value
    return data, [row for row in rows.forms if row.instance.pk and row.instance.service == "online"]


def test_a_break_is_entered_by_cutting_an_interval_in_two(admin, office, consultation, at):
    data, online = week_form(admin, office)
    count = int(data["service_hours-TOTAL_FORMS"])
    wednesday = next(row for row in online if row.instance.weekday == 2)
    data |= {wednesday.add_prefix("closes_at"): "12:00", "service_hours-TOTAL_FORMS": count + 1}
    new = f"service_hours-{count}"
    data |= {
        f"{new}-id": "",
        f"{new}-office": office.pk,
        f"{new}-service": "online",
        f"{new}-weekday": "2",
        f"{new}-opens_at": "13:00",
        f"{new}-closes_at": "16:00",
    }
    where = reverse("admin:offices_office_change", args=[office.pk])
    overlapping = admin.post(where, data | {f"{new}-opens_at": "11:00"})
    assert "bertumpang tindih" in str(problems(overlapping))
    asked = admin.post(where, data)
    assert "Rabu, 25 November 2026 pukul 16.00 WITA" in asked.content.decode()
    assert admin.post(where, data | {CONFIRM: asked.context["confirm"][1]}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.due_at == at(25, 16)
    hours = office.service_hours.filter(service="online", weekday=2).values_list("opens_at", "closes_at")
    assert list(hours) == [(time(8), time(12)), (time(13), time(16))]


def test_another_offices_special_hours_are_out_of_reach(admin, office, consultation):
    elsewhere = SpecialHours.objects.create(
        office=OfficeFactory(),
        service="online",
        name="Ramadan",
        starts_on=date(2027, 2, 8),
        ends_on=date(2027, 3, 9),
    )
    path = reverse("admin:offices_specialhours_change", args=[elsewhere.pk])
    assert admin.get(path).status_code == 302
    refused = admin.post(ADD, typed(elsewhere.office, HALF_DAY))
    assert "office" in refused.context["adminform"].form.errors
    assert list(SpecialHours.objects.all()) == [elsewhere]
    assert Office.objects.count() == 2
    assert Consultation.objects.get().due_at == consultation.due_at
