"""What an office's administrator changes of the queue, and the work the clock does for it."""

import pytest
from django.urls import reverse

from frontdesk import tasks
from frontdesk.models import Counter, QueueSettings, QueueTicket
from notifications.models import Message
from offices.enums import Role
from tests.factories import OfficeFactory, SlotBookingFactory, StaffFactory


@pytest.fixture
def administrator(client, office):
    client.force_login(StaffFactory(office=office, role=Role.OFFICE_ADMIN))
    return client


def test_a_counter_for_some_categories_is_added(administrator, office):
    category = office.categories.get(code="RETUR")
    data = {"office": office.pk, "number": 4, "name": "Retur", "is_active": "on", "categories": [category.pk]}
    administrator.post(reverse("admin:frontdesk_counter_add"), data)
    assert list(Counter.objects.get(number=4).categories.all()) == [category]


def test_another_offices_category_is_no_choice(administrator, office):
    foreign = OfficeFactory().categories.first()
    data = {"office": office.pk, "number": 4, "is_active": "on", "categories": [foreign.pk]}
    assert administrator.post(reverse("admin:frontdesk_counter_add"), data).status_code == 200
    assert not Counter.objects.exists()


def test_nor_for_a_system_administrator_who_is_offered_all(client, office, django_user_model):
    client.force_login(
        django_user_model.objects.create_superuser("root", full_name="Root", email="", password="x")
    )
    foreign = OfficeFactory().categories.first()
    data = {"office": office.pk, "number": 4, "is_active": "on", "categories": [foreign.pk]}
    page = client.post(reverse("admin:frontdesk_counter_add"), data).content.decode()
    assert "Pilih kategori kantor ini saja" in page


def test_a_counter_number_is_used_once(administrator, office, counter):
    data = {"office": office.pk, "number": counter.number, "is_active": "on"}
    page = administrator.post(reverse("admin:frontdesk_counter_add"), data).content.decode()
    assert "Nomor loket sudah dipakai" in page


def test_the_rules_of_the_queue_are_set(administrator, office):
    QueueSettings.objects.create(office=office)
    url = reverse("admin:frontdesk_queuesettings_change", args=[office.queue_settings.pk])
    shown = administrator.get(url).context["adminform"].form.initial
    data = {**shown, "regulars_between_priorities": 3, "takes_bookings": "", "has_voice": "on"}
    administrator.post(url, data)
    assert QueueSettings.of(office).regulars_between_priorities == 3
    assert not QueueSettings.of(office).takes_bookings


def test_the_clock_ends_the_days_that_are_over(take, time_machine, now):
    take()
    time_machine.move_to(now.replace(day=24, hour=1))
    assert tasks.close_past_days() == 1
    assert QueueTicket.objects.get().status == "left"


def test_the_clock_reminds_of_bookings(office, time_machine, now):
    SlotBookingFactory(office=office, now=now.replace(day=20))
    time_machine.move_to(now.replace(day=22))
    assert tasks.send_reminders() == 1
    assert Message.objects.filter(kind="booking_reminder").exists()
