"""Publishing, changing and withdrawing on the officer's pages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from answers.models import PublicAnswer
from answers.services import withdraw
from consultations.enums import ANSWERED_STATUSES
from offices.enums import Role
from tests.factories import ConsultationFactory, PublicAnswerFactory, RegulationFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(office, cso):
    return ConsultationFactory(office=office, officer=cso, resolved=True)


@pytest.fixture
def desk(client, cso):
    client.force_login(cso)
    return client


@pytest.fixture
def said(office):
    """What the form sends; each test changes what it is about."""
    return {
        "category": office.categories.get(code="RETUR").pk,
        "question": "Mengapa bank meretur?",
        "summary": "Karena rekening penerima pasif.",
        "answer": "Sampaikan surat ralat rekening.",
        "valid_from": "2026-11-20",
        "review_on": "2027-05-20",
        "langkah": "terbitkan",
    }


def url_of(source):
    return reverse("answer_publish", args=[source.number])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_an_answered_consultation_offers_to_be_published(desk, source, office):
    assert f'href="{url_of(source)}"' in text_of(desk.get(source.get_absolute_url()))
    waiting = ConsultationFactory(office=office, taken=True)
    assert url_of(waiting) not in text_of(desk.get(waiting.get_absolute_url()))


def test_the_form_begins_with_the_question_the_answer_and_its_basis(desk, source):
    form = desk.get(url_of(source)).context["form"]
    assert form["question"].value() == source.question
    assert form["answer"].value() == "Rekening penerima tidak aktif."
    assert form["category"].value() == source.category.pk


def test_what_tells_who_asked_is_marked_from_the_start(desk, office, cso):
    asked = ConsultationFactory(
        office=office, officer=cso, resolved=True, question="Pak Budi Santoso, 0812-3456-7890, belum gajian."
    )
    page = text_of(desk.get(url_of(asked)))
    assert "<mark>Budi Santoso</mark> (nama orang)" in page
    assert "<mark>0812-3456-7890</mark> (nomor telepon)" in page


def test_first_it_is_shown_as_the_public_will_see_it(desk, source, said):
    page = desk.post(url_of(source), {**said, "langkah": "lihat"})
    assert "Pratinjau untuk publik" in text_of(page)
    assert not PublicAnswer.objects.exists()


def test_then_it_is_published_with_its_basis(desk, source, said, cso):
    rule = RegulationFactory()
    desk.post(url_of(source), {**said, "regulations": [rule.pk]})
    answer = PublicAnswer.objects.get()
    assert (answer.source, answer.published_by, list(answer.regulations.all())) == (source, cso, [rule])


def test_what_tells_who_asked_is_refused_until_each_is_declared_harmless(desk, source, said):
    said["answer"] = "Hubungi 0800-1234-5678 atau 0800-1234-9999."
    refused = desk.post(url_of(source), said)
    assert refused.status_code == 422
    keys = [suspect.finding.key for suspect in refused.context["form"].suspects]
    assert desk.post(url_of(source), {**said, "harmless": keys[:1]}).status_code == 422
    assert desk.post(url_of(source), {**said, "harmless": keys}).status_code == 302
    assert PublicAnswer.objects.exists()


def test_a_consultation_without_an_answer_leads_back(desk, office, said):
    waiting = ConsultationFactory(office=office, taken=True)
    assert waiting.status not in ANSWERED_STATUSES
    assert desk.post(url_of(waiting), said).url == waiting.get_absolute_url()


def test_one_published_before_leads_to_its_answer(desk, source, said):
    desk.post(url_of(source), said)
    again = desk.post(url_of(source), said)
    assert again.url == reverse("answer_edit", args=[PublicAnswer.objects.get().pk])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"question": "x" * 501}, "question"),
        ({"valid_until": "2026-11-19"}, "valid_until"),
        ({"review_on": "2026-11-20"}, "review_on"),
        ({"valid_from": "kemarin"}, "valid_from"),
        ({"regulations": ["999999"]}, "regulations"),
        ({"category": "999999"}, "category"),
    ],
)
def test_a_refused_form_names_the_field_and_keeps_what_was_typed(desk, source, said, wrong, field):
    response = desk.post(url_of(source), {**said, **wrong})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert said["answer"] in text_of(response)


def test_another_offices_category_is_refused(desk, source, said):
    foreign = PublicAnswerFactory().category
    assert desk.post(url_of(source), {**said, "category": foreign.pk}).status_code == 422


def test_a_change_is_published_and_the_earlier_version_shown(desk, office, said):
    answer = PublicAnswerFactory(office=office, question="Mengapa diretur?")
    page = reverse("answer_edit", args=[answer.pk])
    assert desk.post(page, said).url == page
    shown = text_of(desk.get(page))
    assert "Versi 1" in shown
    assert "Mengapa diretur?" in shown
    assert "Versi 2" in shown


def test_what_was_declared_harmless_needs_no_second_declaration(desk, source, said, office):
    said["answer"] = "Hubungi 0800-1234-5678."
    keys = [each.finding.key for each in desk.post(url_of(source), said).context["form"].suspects]
    desk.post(url_of(source), {**said, "harmless": keys})
    form = desk.get(reverse("answer_edit", args=[PublicAnswer.objects.get().pk])).context["form"]
    assert form.is_clear


def test_a_review_that_is_due_proposes_the_next_one(desk, office, at):
    answer = PublicAnswerFactory(office=office, review_on=at(20).date())
    form = desk.get(reverse("answer_edit", args=[answer.pk])).context["form"]
    assert form["review_on"].value() == at(19, month=5, year=2027).date()


def test_a_withdrawal_needs_its_reason_and_takes_the_form_away(desk, office):
    answer = PublicAnswerFactory(office=office)
    url = reverse("answer_withdraw", args=[answer.pk])
    assert desk.post(url, {"reason": " "}).status_code == 422
    page = text_of(desk.post(url, {"reason": "Ketentuan berubah"}, follow=True))
    assert "Alasan: Ketentuan berubah" in page
    assert "Terbitkan perubahan" not in page


def test_a_withdrawn_answer_is_not_changed(desk, office, cso, said, at):
    answer = withdraw(PublicAnswerFactory(office=office), "Keliru", by=cso, now=at(20))
    desk.post(reverse("answer_edit", args=[answer.pk]), said)
    assert answer.versions.count() == 1


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", {"Baru?", "Tinjau?", "Lewat?"}),
        ("tinjau", {"Tinjau?"}),
        ("kedaluwarsa", {"Lewat?"}),
        ("ditarik", {"Ditarik?"}),
    ],
)
def test_the_list_shows_each_state(desk, office, cso, at, state, shown):
    PublicAnswerFactory(office=office, question="Baru?")
    PublicAnswerFactory(office=office, question="Tinjau?", review_on=at(20).date())
    PublicAnswerFactory(office=office, question="Lewat?", valid_until=at(19).date())
    withdraw(PublicAnswerFactory(office=office, question="Ditarik?"), "Keliru", by=cso, now=at(20))
    PublicAnswerFactory(question="Kantor lain?")
    found = desk.get(reverse("answer_list"), {"keadaan": state}).context["answers"]
    assert {answer.question for answer in found} == shown


def test_the_list_goes_on_from_page_to_page(desk, office):
    for _ in range(25):
        PublicAnswerFactory(office=office)
    first = desk.get(reverse("answer_list"))
    second = desk.get(f"{reverse('answer_list')}?{first.context['following']}")
    assert len(first.context["answers"]) + len(second.context["answers"]) == 25
    assert second.context["following"] == ""


def test_the_staff_pages_cost_the_same_however_much_there_is(
    desk, office, source, django_assert_max_num_queries
):
    answer = PublicAnswerFactory(office=office, regulations=[RegulationFactory()])
    for _ in range(2):
        with django_assert_max_num_queries(6):
            desk.get(reverse("answer_list"))
        with django_assert_max_num_queries(12):
            desk.get(reverse("answer_edit", args=[answer.pk]))
        with django_assert_max_num_queries(12):
            desk.get(url_of(source))
        for _ in range(6):
            PublicAnswerFactory(office=office, regulations=[RegulationFactory()])


def test_the_menu_leads_there_for_those_who_may(client, office):
    for role, is_shown in ((Role.CSO, True), (Role.OFFICE_HEAD, True), (Role.RECEPTIONIST, False)):
        client.force_login(StaffFactory(office=office, role=role))
        assert (reverse("answer_list") in text_of(client.get(reverse("desk")))) is is_shown


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_who_only_reads_sees_what_is_public_and_no_way_to_change_it(client, office, source, role):
    client.force_login(StaffFactory(office=office, role=role))
    answer = PublicAnswerFactory(office=office)
    page = text_of(client.get(reverse("answer_edit", args=[answer.pk])))

    assert answer.question in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert url_of(source) not in text_of(client.get(source.get_absolute_url()))
    client.post(reverse("answer_withdraw", args=[answer.pk]), {"reason": "Keliru."})
    answer.refresh_from_db()
    assert not answer.is_withdrawn


def test_what_was_withdrawn_can_be_published_anew_in_the_same_words(desk, source, said, cso):
    for _ in range(2):
        form = desk.get(url_of(source)).content.decode()
        number = re.search(r'name="page" value="([^"]+)"', form)[1]
        desk.post(url_of(source), said | {"page": number})
        withdraw(source.public_answers.latest("pk"), "Hanya percobaan", by=cso, now=timezone.now())
    assert source.public_answers.count() == 2
