"""What everybody sees of a file in quarantine, and that nobody gets it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import lifecycle
from consultations.models import Attachment, DocumentItem
from consultations.scanning import scan_files
from consultations.tokens import token_of
from offices.enums import Role
from tests.clamserver import VIRUS
from tests.factories import ConsultationFactory, StaffFactory, paper
from tests.strict import StrictClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clam")]
CHECKED, WITHHELD = "Sedang diperiksa", "Ditahan: memuat program berbahaya"
PAGES = ("ticket", "escalation", "tracking", "print")


@pytest.fixture
def consultation(office, cso):
    """Escalated, with a document asked for."""
    return ConsultationFactory(office=office, officer=cso, awaiting_documents=True, escalated=True)


@pytest.fixture
def send(consultation, officer):
    """`send(b"...")` has the stakeholder send a file of that content for the document, and the officer answer with it."""

    def send(content):
        now, item = timezone.now(), DocumentItem.objects.get()
        lifecycle.receive_documents(consultation, {item: [paper("koran.pdf", content)]}, now=now)
        lifecycle.reply(consultation, "Terlampir.", files=[paper("surat.pdf", content)], by=officer, now=now)

    return send


@pytest.fixture
def read(consultation, cso, unit_head):
    """The text of one of the pages that list files, as its reader gets it."""
    token = token_of(consultation)
    pages = {
        "ticket": (cso, consultation.get_absolute_url()),
        "escalation": (unit_head, consultation.escalations.get().get_absolute_url()),
        "tracking": (None, reverse("track", args=[token])),
        "print": (None, reverse("track_print", args=[token])),
    }

    def read(page):
        reader, url = pages[page]
        client = StrictClient()
        if reader:
            client.force_login(reader)
        return client.get(url).content.decode()

    return read


def addresses():
    """Every address at which a file might be had."""
    return [
        (role, url)
        for attachment in Attachment.objects.all()
        for role, url in (
            (None, reverse("track_file", args=[token_of(attachment.consultation), attachment.public_id])),
            *((role, reverse("attachment", args=[attachment.public_id])) for role in Role),
        )
    ]


def statuses(office):
    """With what every reader's every way to a file is answered."""
    staff = {role: StaffFactory(office=office, role=role) for role in Role if role != Role.UNIT_HEAD}
    staff[Role.UNIT_HEAD] = StaffFactory(
        office=office, role=Role.UNIT_HEAD, unit=office.units.get(code="BANK")
    )
    found = {}
    for role, url in addresses():
        client = StrictClient()
        if role:
            client.force_login(staff[role])
        response = client.get(url)
        response.getvalue()  # to its end, where the file is closed
        found.setdefault(role, set()).add(response.status_code)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_file_in_quarantine_is_shown_without_a_link(send, read, page):
    send(b"bersih")
    text = read(page)
    assert "koran.pdf" in text
    assert text.count(CHECKED) >= 2
    assert not any(url in text for _, url in addresses())


@pytest.mark.parametrize("page", PAGES)
def test_an_infected_file_is_shown_as_withheld_without_a_link(send, read, page):
    send(VIRUS)
    scan_files(timezone.now())
    text = read(page)
    assert text.count(WITHHELD) >= 2
    assert CHECKED not in text
    assert not any(url in text for _, url in addresses())


@pytest.mark.parametrize("page", PAGES)
def test_of_a_clean_file_nothing_is_said(send, read, page):
    send(b"bersih")
    scan_files(timezone.now())
    text = read(page)
    assert CHECKED not in text
    assert WITHHELD not in text
    assert page == "print" or any(url in text for _, url in addresses())


@pytest.mark.parametrize("content", [b"bersih", VIRUS])
def test_nobody_gets_a_file_in_quarantine(send, office, content):
    send(content)
    assert set().union(*statuses(office).values()) == {404}


def test_nobody_gets_an_infected_file(send, office):
    send(VIRUS)
    scan_files(timezone.now())
    assert set().union(*statuses(office).values()) == {404}


def test_those_who_may_see_it_get_a_file_found_clean(send, office):
    send(b"bersih")
    scan_files(timezone.now())
    found = statuses(office)
    assert found.pop(Role.RECEPTIONIST) == {404}
    assert set().union(*found.values()) == {200}


def test_a_document_cannot_be_judged_on_the_page_before_its_file_can_be_opened(send, read):
    send(b"bersih")
    assert 'value="accepted"' not in read("ticket")
    scan_files(timezone.now())
    assert 'value="accepted"' in read("ticket")


def test_the_stakeholder_reads_why_a_document_is_asked_for_again(send, read):
    send(VIRUS)
    scan_files(timezone.now())
    text = read("tracking")
    assert "Belum sesuai" in text
    assert "Mohon periksa perangkat Bapak/Ibu dengan antivirus" in text
