"""What an officer is shown that the office has answered before."""

import pytest

from consultations.models import Consultation
from consultations.similar import answered_like
from tests.factories import ConsultationFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def like(office):
    def like(text, **kwargs):
        visible = Consultation.objects.filter(office=office)
        return [each.number for each in answered_like(office, visible, text, **kwargs)]

    return like


def test_the_closest_in_words_comes_first_in_any_form_of_a_word(office, like):
    near = ConsultationFactory(
        office=office, resolved=True, question="Pembayaran honor ditolak bank karena rekening pasif"
    )
    ConsultationFactory(office=office, resolved=True, question="Pendaftaran pengguna SAKTI")
    assert like("bank menolak membayar honor, rekening pasif") == [near.number]


def test_only_what_was_answered_is_shown(office, like):
    ConsultationFactory(office=office, taken=True, question="Rekening pasif")
    closed = ConsultationFactory(office=office, closed=True, question="Rekening pasif")
    assert like("rekening pasif") == [closed.number]


def test_another_offices_answers_are_not_shown(like):
    ConsultationFactory(office=OfficeFactory(), resolved=True, question="Rekening pasif")
    assert like("rekening pasif") == []


def test_of_equals_the_chosen_category_comes_first(office, like):
    other, chosen = office.categories.get(code="RETUR"), office.categories.get(code="PEMBAYARAN")
    ours = ConsultationFactory(office=office, resolved=True, category=chosen, question="Rekening pasif")
    ConsultationFactory(office=office, resolved=True, category=other, question="Rekening pasif")
    assert like("rekening pasif", category_id=chosen.pk)[0] == ours.number


@pytest.mark.parametrize("text", ["", "  ", "di ke 2026", "!!! & | :*"])
def test_nothing_worth_comparing_asks_nothing(like, text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert like(text) == []


def test_anything_may_be_typed(office, like):
    ConsultationFactory(office=office, resolved=True, question="Rekening pasif")
    assert like("'rekening' & (pasif | !<->) \\ " * 50)
