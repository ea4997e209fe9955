"""The bell, the list behind it, and what reading changes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications.models import Notice
from notifications.notice_views import PAGE_SIZE
from notifications.notices import KEPT_FOR, MOST_COUNTED, forget_read
from offices.enums import Role
from tests.factories import OfficeFactory, StaffFactory

LIST, ALL_READ, HOME = "/meja/pemberitahuan/", "/meja/pemberitahuan/dibaca/", "/peraturan/"
TICKET = "/meja/konsultasi/MTU-2026-000001/"


@pytest.fixture
def reader(office):
    return StaffFactory(office=office, role=Role.RECEPTIONIST)


@pytest.fixture
def desk(client, reader):
    client.force_login(reader)
    return client


@pytest.fixture
def told(reader):
    """Tell somebody so many things."""

    def told(count=1, to=reader, **changes):
        first = Notice.objects.count()
        return Notice.objects.bulk_create(
            Notice(
                **{
                    "office": to.office,
                    "recipient": to,
                    "reference": "MTU-2026-000001",
                    "title": f"Kabar {number}",
                    "text": "Retur SP2D",
                    "url": TICKET,
                    "dedupe_key": f"kabar-{number}",
                    "at": timezone.now(),
                    **changes,
                }
            )
            for number in range(first, first + count)
        )

    return told


def titles(response):
    return [notice.title for notice in response.context["page"]]


def unread(staff):
    return list(Notice.objects.filter(recipient=staff).unread().order_by("pk"))


def test_the_bell_says_how_many_are_not_read(desk, told):
    told(2)
    told(1, read_at=timezone.now())
    page = desk.get(HOME).content.decode()
    assert 'aria-label="Pemberitahuan, 2 belum dibaca"' in page
    assert '<span class="bell-count" aria-hidden="true">2</span>' in page


def test_with_nothing_new_the_bell_shows_no_number(desk, told):
    told(1, read_at=timezone.now())
    page = desk.get(HOME).content.decode()
    assert 'aria-label="Pemberitahuan"' in page
    assert "bell-count" not in page


def test_many_are_counted_only_so_far_as_is_shown(desk, told):
    told(MOST_COUNTED + 2)
    assert 'aria-label="Pemberitahuan, 99+ belum dibaca"' in desk.get(HOME).content.decode()


def test_the_bell_asks_one_statement_of_the_unread_alone(desk, told):
    told(1, read_at=timezone.now())
    told(1)
    with connection.execute_wrapper(seen := Statements()):
        desk.get(HOME)
    (statement,) = [sql for sql in seen if "notifications_notice" in sql]
    assert '"read_at" IS NULL' in statement


class Statements(list):
    def __call__(self, execute, sql, params, many, context):
        self.append(sql)
        return execute(sql, params, many, context)


def test_the_newest_stands_first_and_the_rest_follows_page_by_page(desk, told):
    told(PAGE_SIZE + 1)
    first = desk.get(LIST)
    assert titles(first) == [f"Kabar {number}" for number in range(PAGE_SIZE, 0, -1)]
    second = desk.get(f"{LIST}?sebelum={first.context['older']}")
    assert titles(second) == ["Kabar 0"]
    assert second.context["older"] is None


@pytest.mark.parametrize("place", ["0", "-1", "x", "9" * 30])
def test_a_place_that_makes_no_sense_is_the_beginning(desk, told, place):
    told()
    assert titles(desk.get(f"{LIST}?sebelum={place}")) == ["Kabar 0"]


def test_looking_at_the_list_reads_nothing(desk, told, reader):
    told()
    desk.get(LIST)
    assert len(unread(reader)) == 1


def test_opening_one_marks_it_as_read_and_leads_to_its_page(desk, told, reader):
    opened, other = told(2)
    response = desk.post(f"{LIST}{opened.pk}/")
    assert response.headers["Location"] == TICKET
    assert unread(reader) == [other]


def test_one_opened_again_keeps_the_moment_it_was_read(desk, told):
    earlier = timezone.now() - timedelta(days=3)
    (notice,) = told(read_at=earlier)
    desk.post(f"{LIST}{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == earlier


def test_all_can_be_marked_as_read_at_once(desk, told, reader):
    told(3)
    desk.post(ALL_READ, {"sebelum": desk.get(LIST).context["page"][0].pk})
    assert unread(reader) == []


def test_what_came_in_after_the_page_was_opened_stays_unread(desk, told, reader):
    (seen,) = told()
    (later,) = told()
    desk.post(ALL_READ, {"sebelum": seen.pk})
    assert unread(reader) == [later]


def test_a_page_that_was_not_seen_marks_nothing(desk, told, reader):
    told()
    assert desk.post(ALL_READ).headers["Location"] == LIST
    assert len(unread(reader)) == 1


@pytest.mark.parametrize("whose", ["a colleague's", "one's own in an office since left"])
def test_only_ones_own_exist(desk, told, office, reader, whose):
    if whose == "a colleague's":
        (notice,) = told(to=StaffFactory(office=office, role=Role.CSO))
    else:
        (notice,) = told(office=OfficeFactory(empty=True))
    assert titles(desk.get(LIST)) == []
    assert desk.post(f"{LIST}{notice.pk}/").status_code == 404
    desk.post(ALL_READ, {"sebelum": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_what_was_read_long_ago_is_forgotten_and_nothing_else(told, now, reader):
    long_ago = now - KEPT_FOR - timedelta(seconds=1)
    told(2, at=long_ago, read_at=long_ago)
    (recent,) = told(1, at=long_ago, read_at=now - KEPT_FOR)
    (never_read,) = told(1, at=long_ago)
    assert forget_read(now) == 2
    assert set(reader.notices.all()) == {recent, never_read}


def test_forgetting_is_bounded_and_begins_with_the_oldest(told, now, reader, monkeypatch):
    monkeypatch.setattr("notifications.notices.MOST_FORGOTTEN", 1)
    (newer,) = told(1, read_at=now - KEPT_FOR - timedelta(days=1))
    told(1, read_at=now - KEPT_FOR - timedelta(days=2))
    assert forget_read(now) == 1
    assert reader.notices.get() == newer


def test_an_occasion_is_told_once(told):
    told()
    with pytest.raises(IntegrityError, match="notice_once_per_occasion"), transaction.atomic():
        told(1, dedupe_key="kabar-0")


@pytest.mark.parametrize("url", ["https://contoh.id/", "//contoh.id/"])
def test_a_notice_leads_nowhere_else(told, url):
    with pytest.raises(IntegrityError, match="notice_leads_within_the_desk"), transaction.atomic():
        told(url=url)


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_makes_five_statements_however_many_notices(desk, told, django_assert_num_queries, count):
    told(count)
    with django_assert_num_queries(5):  # session, who, appointments, notices, bell
        desk.get(LIST)
