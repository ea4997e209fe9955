"""With 10,000 public answers stored, the pages still answer from indexes and the search stays quick."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answers.models import PublicAnswer
from answers.review import remind_of_reviews
from tests.factories import PublicAnswerFactory
from tests.plans import settle

pytestmark = pytest.mark.django_db
STORED = 10_000
SUBJECTS = "ARRAY['gaji pegawai', 'retur bank', 'kontrak pengadaan', 'uang persediaan', 'laporan bendahara', 'revisi anggaran', 'rekening hibah']"
COPY = f"""
    INSERT INTO answers_publicanswer (office_id, slug, category_id, question, summary, answer, number_words, valid_from,
        review_on, published_at, published_by_id, revised_at, withdrawal_reason, helped)
    SELECT office_id, 'salinan-' || n, category_id,
        'Bagaimana SP2D ' || ({SUBJECTS})[n % 7 + 1] || ' nomor ' || n || '?', summary, repeat(answer || ' ', 12),
        'PMK ' || n % 250 || ' Tahun 2023 ' || n % 250 || 'x2023', valid_from, review_on, published_at,
        published_by_id, revised_at - n * interval '1 hour', '', 0
    FROM answers_publicanswer, generate_series(2, {STORED}) AS n
"""  # noqa: S608 (constants)


@pytest.fixture
def full_office(office, cso):
    PublicAnswerFactory(office=office, published_by=cso)
    with connection.cursor() as cursor:
        cursor.execute(COPY)
    settle()
    return office


def scans(queries):
    found = []
    for query in queries:
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql'].replace('%', '%%')}", [])
                plan = "\n".join(line for (line,) in cursor.fetchall())
            if re.search(r"Seq Scan on answers_publicanswer\b", plan):
                found.append(plan)
    return found


def test_no_page_reads_all_answers(full_office, cso, client, at):
    assert PublicAnswer.objects.count() == STORED
    first = PublicAnswer.objects.earliest("pk")
    listed = reverse("public_answers", args=[full_office.slug])
    pages = (
        (None, listed),
        (None, f"{listed}?kategori=RETUR"),
        (
            None,
            client.get(listed).context["following"] and f"{listed}?{client.get(listed).context['following']}",
        ),
        (None, f"{listed}?cari=persediaan+nomor+77"),
        (None, f"{listed}?cari=62/2023"),
        (None, first.get_absolute_url()),
        (cso, reverse("answer_list")),
        (cso, reverse("answer_edit", args=[first.pk])),
    )
    for reader, url in pages:
        if reader:
            client.force_login(reader)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert scans(queries) == [], url


def test_a_search_and_a_look_for_similar_ones_are_quick_among_many(full_office, client):
    listed = reverse("public_answers", args=[full_office.slug])
    similar = reverse("similar_answers", args=[full_office.slug])
    for text in ("persediaan nomor 77", "62/2023", "sp2d", "bagaimana retur kapal terbang sp2d"):
        client.get(listed, {"cari": text})
        with CaptureQueriesContext(connection) as queries:
            client.get(listed, {"cari": text})
            client.post(similar, {"question": text}, headers={"HX-Request": "true"})
        assert sum(float(query["time"]) for query in queries) < 2, text


def test_the_reminder_looks_at_many_in_a_few_statements(office, cso, at, django_assert_max_num_queries):
    for _ in range(8):
        PublicAnswerFactory(office=office, published_by=cso, review_on=at(20).date())
    with django_assert_max_num_queries(12):
        assert remind_of_reviews(at(20, 9)) == 1
