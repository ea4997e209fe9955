from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from throttle.limits import forget_expired, forgive, hit
from throttle.models import Bucket

NOW = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def try_it(key="siti", *, action="sign_in", limit=3, now=NOW):
    return hit(action, key, limit=limit, per=WINDOW, now=now)


@pytest.mark.django_db
def test_tries_within_the_limit_are_allowed():
    assert [try_it() for _ in range(3)] == [None, None, None]


@pytest.mark.django_db
def test_a_try_over_the_limit_is_told_when_the_window_of_the_first_try_ends():
    try_it()
    for minutes in (1, 2):
        try_it(now=NOW + timedelta(minutes=minutes))

    assert try_it(now=NOW + timedelta(minutes=3)) == NOW + WINDOW


@pytest.mark.django_db
def test_refused_tries_do_not_push_the_end_back():
    for _ in range(5):
        try_it()

    assert try_it(now=NOW + timedelta(minutes=14)) == NOW + WINDOW
    assert try_it(now=NOW + WINDOW) is None


@pytest.mark.django_db
def test_a_new_window_counts_from_one_again():
    for _ in range(4):
        try_it()

    later = NOW + WINDOW
    assert [try_it(now=later) for _ in range(4)] == [None, None, None, later + WINDOW]


@pytest.mark.django_db
def test_keys_and_actions_are_counted_apart():
    for _ in range(4):
        try_it()

    assert try_it("budi") is None
    assert try_it(action="public_form") is None


@pytest.mark.django_db
def test_a_forgiven_try_is_as_if_it_had_not_been():
    for _ in range(3):
        try_it()
    forgive("sign_in", "siti")

    assert try_it() is None
    assert try_it() == NOW + WINDOW


@pytest.mark.django_db
def test_forgiving_never_counts_below_nothing():
    try_it()
    for _ in range(3):
        forgive("sign_in", "siti")

    assert [try_it() for _ in range(4)] == [None, None, None, NOW + WINDOW]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a\x00b", "x" * 1_000_000, "🙏", "'; DROP TABLE throttle_bucket; --"])
def test_any_text_can_be_a_key_and_none_is_stored(key):
    assert try_it(key) is None
    assert [len(stored) for stored in Bucket.objects.values_list("key", flat=True)] == [64]


@pytest.mark.django_db
def test_cleaning_up_keeps_running_windows():
    try_it("lama", now=NOW - WINDOW)
    try_it("baru", now=NOW)

    assert forget_expired(NOW) == 1
    assert Bucket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_share_one_limit():
    def try_in_a_thread(_):
        try:
            return try_it(limit=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(try_in_a_thread, range(40)))

    assert answers.count(None) == 10
    assert answers.count(NOW + WINDOW) == 30


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["throttle_bucket", "consultations_spentproof"])
def test_a_count_waits_for_no_disk(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone() == ("u",)
