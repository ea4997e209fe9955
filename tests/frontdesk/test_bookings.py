"""Slots of later days: seats, confirmation and reminder, cancelling, checking in."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consultations.errors import RuleError
from frontdesk import bookings, calls
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueSettings, QueueTicket, SlotBooking
from frontdesk.tokens import token_of
from frontdesk.views import booking
from notifications.links import with_keys
from notifications.models import Message
from offices.enums import HolidayKind
from offices.models import Holiday, Office, SpecialHours
from tests import samples
from tests.factories import OfficeFactory, SlotBookingFactory


@pytest.fixture
def book(office, now):
    """`book(slot=2)` books the third slot of the first day that can be booked on Monday at nine."""
    return lambda **kwargs: SlotBookingFactory(**{"office": office, "now": now, **kwargs})


@pytest.fixture
def tuesday(now):
    """`tuesday(9, 5)` is five past nine on the day booked."""
    return lambda hour, minute=0: now.replace(day=24, hour=hour, minute=minute)


def days_of(office, now):
    return bookings.bookable_days(queue_calendar(office), QueueSettings.of(office), now)


def test_the_working_days_after_today_can_be_booked(office, now):
    Holiday.objects.create(office=office, date=date(2026, 11, 25), name="Libur", kind=HolidayKind.LOCAL)
    days = days_of(office, now)
    assert days[:4] == [date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)]
    assert len(days) == 10


def test_slots_leave_out_breaks_and_follow_the_dates_own_hours(office, now):
    def starts(day):
        fresh = Office.objects.get(pk=office.pk)
        slots = bookings.slots_of(fresh, day, queue_calendar(fresh), QueueSettings(slot_minutes=30))
        return [f"{slot.starts_at.astimezone(office.zone):%H.%M}" for slot in slots]

    office.service_hours.filter(service="tatap_muka", weekday=1).update(closes_at=time(9, 45))
    office.service_hours.create(
        service="tatap_muka", weekday=1, opens_at=time(10, 10), closes_at=time(11, 10)
    )
    assert starts(date(2026, 11, 24)) == ["08.00", "08.30", "09.00", "10.10", "10.40"]
    half = SpecialHours.objects.create(
        office=office,
        service="tatap_muka",
        name="Setengah hari",
        starts_on=date(2026, 11, 24),
        ends_on=date(2026, 11, 24),
    )
    assert date(2026, 11, 24) not in days_of(Office.objects.get(pk=office.pk), now)
    half.intervals.create(weekday=1, opens_at=time(8), closes_at=time(9))
    assert starts(date(2026, 11, 24)) == ["08.00", "08.30"]
    assert days_of(Office.objects.get(pk=office.pk), now)[0] == date(2026, 11, 24)


def test_an_office_may_take_no_bookings(office, now):
    QueueSettings.objects.create(office=office, takes_bookings=False)
    assert days_of(office, now) == []


def test_slots_fill_the_hours_of_the_queue(office, now):
    slots = bookings.slots_of(office, date(2026, 11, 24), queue_calendar(office), QueueSettings())
    assert (f"{slots[0].starts_at:%H.%M}", f"{slots[-1].starts_at:%H.%M}") == ("08.00", "14.30")
    assert {slot.free for slot in slots} == {4}


def test_a_slot_takes_as_many_as_it_has_seats(office, book):
    QueueSettings.objects.create(office=office, slot_capacity=1)
    book()
    with pytest.raises(RuleError, match="baru saja penuh"):
        book(name="Tamu lain")


def test_the_same_page_sent_to_two_offices_books_a_seat_of_each(office, book):
    other, once = OfficeFactory(), uuid4()
    assert {book(submission_id=once).office, book(office=other, submission_id=once).office} == {office, other}


def test_a_cancelled_seat_is_free_again(office, book, now):
    QueueSettings.objects.create(office=office, slot_capacity=1)
    bookings.cancel(book(), now=now)
    assert book(name="Tamu lain").seat == 1


def test_the_database_too_gives_a_seat_once(book):
    booked = book()
    booked.pk, booked.public_id, booked.token_hash = None, uuid4(), "x"
    with pytest.raises(IntegrityError, match="booking_seat_once_per_slot"), transaction.atomic():
        booked.save(force_insert=True)


@pytest.mark.parametrize("moved", [timedelta(days=-1), timedelta(minutes=1), timedelta(days=60)])
def test_only_slots_that_are_offered_are_booked(office, book, now, moved):
    slot = book().starts_at + moved
    who = bookings.Reservation(office.categories.first(), "Tamu", email="tamu@contoh.id")
    with pytest.raises(RuleError, match="tidak tersedia"):
        bookings.book(office, slot, who, now=now)


def test_the_form_sent_twice_books_once(book):
    once = uuid4()
    assert book(submission_id=once) == book(submission_id=once)


def test_a_booking_is_confirmed_with_its_link(book):
    booked = book()
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("booking_made", "siti@contoh.id")
    assert f"/antrean/pesanan/{token_of(booked)}/" in with_keys(message, booked.created_at).body
    assert "Selasa, 24 November 2026 pukul 08.00 WITA" in message.body


def test_the_letter_about_a_booking_is_stored_without_its_key(book):
    booked = book()
    assert token_of(booked) not in Message.objects.get().body


def test_who_left_only_a_telephone_number_is_not_written_to(book):
    book(email="", phone="+6281234567890")
    assert not Message.objects.exists()


def test_the_day_before_from_nine_it_is_reminded_of_once(office, book, now):
    book(now=now.replace(day=20))  # a Friday, for Monday
    sunday = now.replace(day=22)
    assert bookings.send_reminders(sunday.replace(hour=8, minute=59)) == 0
    assert bookings.send_reminders(sunday) == 1
    assert bookings.send_reminders(sunday) == 0
    assert Message.objects.filter(kind="booking_reminder").count() == 1


def test_who_books_for_the_next_day_is_not_told_twice(book, now):
    book(now=now)
    assert bookings.send_reminders(now) == 0


def test_a_cancelled_booking_is_not_reminded_of(book, now):
    bookings.cancel(book(now=now.replace(day=20)), now=now.replace(day=21))
    assert bookings.send_reminders(now.replace(day=22)) == 0


def test_a_reminder_that_was_missed_is_sent_while_it_helps(book, now):
    book(now=now.replace(day=20), slot=4)  # Monday at ten
    assert bookings.send_reminders(now) == 1


def test_many_reminders_cost_what_one_does(book, now, django_assert_max_num_queries):
    for slot in range(6):
        book(now=now.replace(day=20), slot=slot)
    with django_assert_max_num_queries(6):
        assert bookings.send_reminders(now.replace(day=22)) == 6


def test_checking_in_gives_a_number_and_the_same_one_again(book, tuesday):
    booked = book()
    ticket = bookings.check_in(booked, now=tuesday(8))
    assert ticket.label == "K-001"
    assert bookings.check_in(booked, now=tuesday(8)) == ticket


@pytest.mark.parametrize("minute", [0, 29])
def test_from_the_slot_on_a_booked_number_goes_before_who_came_earlier(
    book, office, take, cso, counter, tuesday, minute
):
    early = 24 * 60 - 30  # half past eight
    take(minute=early)
    ticket = bookings.check_in(book(slot=2), now=tuesday(9, minute))
    shift = calls.open_counter(counter, cso, now=tuesday(9, minute))
    assert calls.call_next(shift, now=tuesday(9, minute)) == ticket


def test_before_the_slot_it_waits_with_the_others(book, take, cso, counter, tuesday):
    take(minute=24 * 60 - 60)  # at eight
    bookings.check_in(book(slot=2), now=tuesday(8, 10))
    shift = calls.open_counter(counter, cso, now=tuesday(8, 10))
    assert calls.call_next(shift, now=tuesday(8, 10)).label == "K-001"


def test_who_comes_after_the_slot_waits_like_everybody(book, tuesday):
    assert bookings.check_in(book(), now=tuesday(8, 30)).turn_at == tuesday(8, 30)


def test_on_another_day_there_is_no_checking_in(book, now):
    with pytest.raises(RuleError, match="berlaku pada 24 November 2026"):
        bookings.check_in(book(), now=now)


def test_after_closing_there_is_no_checking_in(book, tuesday):
    with pytest.raises(RuleError, match="Kehadiran belum dapat dicatat"):
        bookings.check_in(book(), now=tuesday(15))


def test_a_cancelled_booking_gives_no_number(book, now, tuesday):
    booked = book()
    bookings.cancel(booked, now=now)
    with pytest.raises(RuleError, match="sudah dibatalkan"):
        bookings.check_in(booked, now=tuesday(8))


def test_after_checking_in_there_is_no_cancelling(book, tuesday):
    booked = book()
    bookings.check_in(booked, now=tuesday(8))
    with pytest.raises(RuleError, match="tidak dapat dibatalkan"):
        bookings.cancel(booked, now=tuesday(8))


def form(office, **more):
    slot = bookings.slots_of(office, date(2026, 11, 25), queue_calendar(office), QueueSettings())[0]
    return {
        "page": uuid4(),
        "starts_at": slot.starts_at.isoformat(),
        "category": "RETUR",
        "name": "Siti Rahma",
        "email": "siti@contoh.id",
        **more,
    }


@pytest.fixture
def url(office, at_nine):
    return f"{reverse('booking_form', args=[office.slug])}?hari=2026-11-25"


def test_the_page_books_a_slot_of_the_day_chosen(client, office, url):
    response = client.post(url, form(office))
    assert "Rabu, 25 November 2026 pukul 08.00 WITA" in client.get(response.url).content.decode()


def test_only_the_browsers_work_has_letters_sent_to_the_address_that_was_typed(
    client, office, url, now, at_nine
):
    proven = samples.browser_work(timezone.now())
    client.post(url, form(office, **proven))
    assert Message.objects.filter(kind="booking_made").count() == 1
    for work in ({}, proven, {**proven, "solution": "0"}, {"challenge": "x", "solution": "1"}):
        page = client.post(url, form(office, email=f"{uuid4().hex}@contoh.id", **work), follow=True)
        if "Mohon simpan alamat halaman ini" not in page.text:
            break
    assert SlotBooking.objects.count() == booking.UNPROVEN_PER_ADDRESS
    assert page.status_code == 422
    assert "Terlalu banyak pemesanan" in page.text
    bookings.send_reminders(now + timedelta(days=1))
    assert {each.recipient for each in Message.objects.all()} == {"siti@contoh.id"}


def test_the_page_brings_the_work_and_a_refused_one_is_given_new(client, office, url):
    assert "data-desk-proof" in client.get(url).text
    work = samples.browser_work(timezone.now())
    refused = client.post(url, form(office, email="", **work))
    assert refused.status_code == 422
    assert work["challenge"] not in refused.text
    assert 'name="challenge"' in refused.text


def test_a_slot_that_filled_meanwhile_is_said_so_and_what_was_typed_stays(client, office, url):
    QueueSettings.objects.create(office=office, slot_capacity=1)
    client.post(url, form(office))
    refused = client.post(url, form(office, name="Tamu lain"))
    assert refused.status_code == 422
    assert "baru saja penuh" in refused.content.decode()
    assert "Tamu lain" in refused.content.decode()


def test_a_way_to_be_reached_is_asked_for(client, office, url):
    assert "Isi alamat surel atau nomor telepon" in client.post(url, form(office, email="")).content.decode()


KEEP = "mohon simpan alamat halaman berikutnya"


@pytest.mark.parametrize(
    ("channels", "promise"),
    [
        ({}, f"kami kirim ke surel. Bila Bapak/Ibu tidak mengisi surel, {KEEP}"),
        (
            {"sends_email": False, "sends_whatsapp": True},
            f"kami kirim ke nomor WhatsApp. Bila Bapak/Ibu tidak mengisi nomor WhatsApp, {KEEP}",
        ),
        (
            {"sends_whatsapp": True},
            f"kami kirim ke surel atau nomor WhatsApp. Bila Bapak/Ibu tidak mengisi surel atau nomor WhatsApp, {KEEP}",
        ),
    ],
)
def test_the_page_promises_letters_only_where_the_office_sends_them(client, office, url, channels, promise):
    Office.objects.filter(pk=office.pk).update(whatsapp_phone_number_id="1", **channels)
    assert promise in client.get(url).content.decode()


def test_where_the_office_sends_nothing_everybody_is_asked_to_keep_the_address(client, office, url):
    Office.objects.filter(pk=office.pk).update(sends_email=False)
    page = client.get(url).content.decode()
    assert KEEP.capitalize() in page
    assert "kami kirim" not in page


def test_a_contact_books_so_often_an_hour_and_no_more(client, office, url):
    answers = [client.post(url, form(office)).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 422, 422]  # a slot has three seats
    assert "Terlalu banyak pemesanan" in client.post(url, form(office)).content.decode()


def test_the_bookings_link_cancels_it(client, book, at_nine):
    booked = book()
    client.post(reverse("booking_cancel", args=[token_of(booked)]))
    assert SlotBooking.objects.get().cancelled_at is not None


def test_the_bookings_link_checks_in_on_the_day(client, book, at_nine, tuesday):
    booked = book()
    at_nine.move_to(tuesday(8), tick=False)
    response = client.post(reverse("booking_check_in", args=[token_of(booked)]), follow=True)
    assert QueueTicket.objects.get().label in response.content.decode()
