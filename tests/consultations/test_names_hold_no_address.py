"""Names hold no address: mail programs make links of what looks like one, in a letter that the office signs."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import transaction
from django.utils import timezone

from consultations import actors, lifecycle
from consultations.errors import RuleError
from consultations.forms.intake import IntakeForm
from consultations.forms.public import ConsultationForm
from consultations.forms.ticket import ContactForm
from frontdesk.forms import BookingForm
from offices.enums import Role
from stakeholders.identity import parse_name
from stakeholders.management.commands.load_satker import load_satker
from stakeholders.models import Satker, Stakeholder
from stakeholders.services import save_stakeholder
from tests.factories import ConsultationFactory, StaffFactory

ADDRESSES = [
    "https://jahat.example",
    "Hadiah http://1.2.3.4",
    "jahat.com",
    "Budi www.jahat.com",
    "a@jahat.id",
    "bit.ly/abc",
    "t.me/x",
    "t.co",
    "jahat\u3002com",
    "\uff4a\uff41\uff48\uff41\uff54\uff0e\uff43\uff4f\uff4d",
    "1.2.3.4",
    "Klik(jahat.top)",
    "a.jahat.com",
    "dr.jahat.com",
    "hadiah.promo",
    "\u0435vil.\u0440\u0444",
    "jahat.com:8080",
    "jahat.com?x=1",
    "JAHAT.COM.",
    "jahat\u200b.com",
]
NAMES = [
    "Drs. H. Budi Santoso, M.M.",
    "Dr.Budi S.Kom., M.Si",
    "H.M.Yusuf",
    "PT.Maju Jaya",
    "Siti Rahma, A.Md.Ak.",
    "Ni Luh Putu, S.Pd.I",
    "S.E.,M.Ak.",
    "Muh.Ali",
    "O'Brien",
    "Bank/Pos",
    "BPP SATKER 1.1.3",
    "Pembina Tk.I/IVb",
    "a.n. Kepala",
    "\u0639\u0628\u062f \u0627\u0644\u0644\u0647",
    "",
]


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_mail_programs_make_a_link_of_is_no_name(name):
    with pytest.raises(ValidationError, match="beri spasi setelah titik"):
        parse_name(name)


@pytest.mark.parametrize("name", NAMES)
def test_titles_degrees_and_initials_are(name):
    assert parse_name(name) == name


@pytest.fixture
def forms(office):
    told = {"office": office, "now": timezone.now()}
    consultation = ConsultationFactory(office=office)
    return {
        "public": ConsultationForm(everywhere(ConsultationForm), **told),
        "desk": IntakeForm(everywhere(IntakeForm), may_answer=True, **told),
        "contact": ContactForm(everywhere(ContactForm), consultation=consultation),
        "booking": BookingForm(everywhere(BookingForm), office=office, slots=[]),
    }


def everywhere(form):
    return {**dict.fromkeys(form.base_fields, "jahat.com"), "kind": "satker", "satker_code": "123456"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("public", ["name", "role", "satker_name"]),
        ("desk", ["name", "role", "satker_name", "organisation", "contact_name"]),
        ("contact", ["name"]),
        ("booking", ["name"]),
    ],
)
def test_every_form_refuses_it_at_its_field(forms, form, fields):
    refused = forms[form]
    assert not refused.is_valid()
    for field in fields:
        assert "Nama tidak boleh memuat alamat" in str(refused.errors[field]), field


@pytest.mark.django_db
def test_so_does_every_other_way_in(office):
    details = {"kind": "masyarakat", "phone": "+6281234567890", "now": timezone.now()}
    for field in ("name", "role", "organisation"):
        with pytest.raises(ValidationError, match="alamat"), transaction.atomic():
            save_stakeholder(office, **{"name": "Siti", **details, field: "jahat.com"})
    with pytest.raises(CommandError, match=r"Baris 2.*alamat"):
        load_satker([{"code": "123456", "name": "KANTOR jahat.com"}])
    for row in (Satker(code="123456", name="jahat.com"), Stakeholder(name="jahat.com", office=office)):
        with pytest.raises(ValidationError) as refused:
            row.full_clean(validate_constraints=False)
        assert "alamat" in str(refused.value.message_dict["name"])
    consultation = ConsultationFactory(office=office)
    contact = lifecycle.Contact("jahat.com", "+6281234567890")
    with pytest.raises(RuleError, match="alamat"):
        lifecycle.record_contact(
            consultation,
            contact,
            by=actors.officer(StaffFactory(office=office, role=Role.CSO)),
            now=timezone.now(),
        )
    with pytest.raises(RuleError, match="alamat"):
        ConsultationFactory(office=office, contact=contact)
    assert not Stakeholder.objects.filter(name="jahat.com").exists()
