"""What tests build their offices, people and consultations with.

`from tests.factories import ConsultationFactory`. Consultations come about through the lifecycle alone, so that each
has the number, timeline, timers and messages that a real one has. Moments default to the clock; tests in which the
moment matters pass `now`.
"""

import hashlib
from datetime import date, time, timedelta
from uuid import uuid4

import factory
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from answers.models import PublicAnswer
from answers.services import Content, publish
from consultations import actors, lifecycle
from consultations.attachments import CheckedFile
from consultations.enums import Doubt, Source
from consultations.held import hold
from consultations.models import Consultation, HeldSubmission
from consultations.submissions import Asked, Submission
from escalations import services as escalations
from frontdesk import bookings
from frontdesk.hours import queue_calendar
from frontdesk.models import Counter, QueueSettings, QueueTicket, SlotBooking
from frontdesk.queue import Visit, issue
from offices.enums import AppointmentKind, Role, ServiceKind, UnitKind
from offices.models import Appointment, Category, Office, ServiceHours, ServiceStandard, Staff, Unit
from regulations.enums import RegulationStatus
from regulations.models import Regulation
from stakeholders.enums import StakeholderKind
from stakeholders.models import Satker, Stakeholder
from tests import samples

PASSWORD = "sandi-uji-yang-panjang"
LONG_AGO = timedelta(days=14)  # more than three working days, whatever the holidays
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNITS = (
    ("UMUM", UnitKind.SUBBAGIAN, "Subbagian Umum"),
    ("PD", UnitKind.SEKSI, "Seksi Pencairan Dana"),
    ("BANK", UnitKind.SEKSI, "Seksi Bank"),
)
CATEGORIES = (
    ("SAKTI_USER", "Akun pengguna SAKTI", "UMUM", "SK penetapan pengguna"),
    ("PEMBAYARAN", "SPP, SPM, dan SP2D", "PD", "SPM dan SPP terkait\nTangkapan layar penolakan"),
    ("RETUR", "Retur SP2D", "BANK", "Surat pemberitahuan retur\nRekening koran penerima"),
)
HOURS = ((ServiceKind.QUEUE, time(8), time(15)), (ServiceKind.ONLINE, time(8), time(17)))


class OfficeFactory(DjangoModelFactory):
    """An office that can serve: three units, a category routed to each, hours, and the standard in force.

    `office.units.get(code="BANK")`, `office.categories.get(code="RETUR")`. With `empty=True` it has none of these.
    """

    class Meta:
        model = Office

    class Params:
        serial = factory.Sequence(lambda n: n)

    slug = factory.LazyAttribute(lambda o: f"kantor-{o.serial}")
    number_prefix = factory.LazyAttribute(
        lambda o: "K" + LETTERS[o.serial // 676 % 26] + LETTERS[o.serial // 26 % 26] + LETTERS[o.serial % 26]
    )
    name = factory.LazyAttribute(lambda o: f"KPPN Uji {o.number_prefix}")
    full_name = factory.LazyAttribute(lambda o: f"Kantor Pelayanan Perbendaharaan Negara {o.number_prefix}")
    kanwil = "Kantor Wilayah DJPb Provinsi Uji"
    address = "Jl. Uji No. 1"

    @classmethod
    def _create(cls, model_class, *args, empty=False, **kwargs):
        office = super()._create(model_class, *args, **kwargs)
        if not empty:
            furnish(office)
        return office


def furnish(office):
    units = {code: UnitFactory(office=office, code=code, kind=kind, name=name) for code, kind, name in UNITS}
    for code, name, unit, documents in CATEGORIES:
        CategoryFactory(office=office, code=code, name=name, unit=units[unit], documents=documents)
    ServiceHours.objects.bulk_create(
        ServiceHours(office=office, service=service, weekday=weekday, opens_at=opens_at, closes_at=closes_at)
        for service, opens_at, closes_at in HOURS
        for weekday in range(5)
    )
    ServiceStandardFactory(office=office)


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    office = factory.SubFactory(OfficeFactory)
    code = factory.Sequence(lambda n: f"UNIT{n}")
    kind = UnitKind.SEKSI
    name = factory.LazyAttribute(lambda o: f"Seksi {o.code}")


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    office = factory.LazyAttribute(lambda o: o.unit.office)
    unit = factory.SubFactory(UnitFactory)
    code = factory.Sequence(lambda n: f"KATEGORI{n}")
    name = factory.LazyAttribute(lambda o: f"Kategori {o.code}")


class ServiceStandardFactory(DjangoModelFactory):
    class Meta:
        model = ServiceStandard

    office = factory.SubFactory(OfficeFactory, empty=True)
    decree_number = "KEP-57/PB/2023"
    valid_from = date(2020, 1, 1)
    requirements = "Pertanyaan/kebutuhan konsultasi dari stakeholder"
    procedure_face_to_face = "Petugas layanan menerima identitas/profil stakeholder"
    procedure_online = "Stakeholder menyampaikan pertanyaan"
    completion_time = "20 menit per satu jenis layanan"
    cost = "Tidak dipungut biaya"
    products = "Tanggapan dengan status Resolved"
    complaint_channels = "Kontak resmi KPPN"


class StaffFactory(DjangoModelFactory):
    """A staff member holding one role, definitively and since long ago unless told otherwise.

    `StaffFactory(role=Role.UNIT_HEAD, unit=bank, kind=AppointmentKind.PLH, starts_on=..., ends_on=...)`. Without a
    role they hold none; further roles are further appointments.
    """

    class Meta:
        model = Staff

    class Params:
        serial = factory.Sequence(lambda n: n)

    office = factory.SubFactory(OfficeFactory)
    username = factory.LazyAttribute(lambda o: f"pegawai{o.serial}")
    full_name = factory.LazyAttribute(lambda o: f"Pegawai {o.serial}")
    email = factory.LazyAttribute(lambda o: f"pegawai{o.serial}@contoh.id")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @classmethod
    def _create(cls, model_class, *args, role=None, **kwargs):
        held = {name: kwargs.pop(name) for name in ("unit", "kind", "starts_on", "ends_on") if name in kwargs}
        staff = super()._create(model_class, *args, **kwargs)
        if role is not None:
            AppointmentFactory(staff=staff, role=role, **held)
        return staff


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    staff = factory.SubFactory(StaffFactory)
    office = factory.LazyAttribute(lambda o: o.staff.office)
    role = Role.CSO
    kind = AppointmentKind.DEFINITIF
    starts_on = date(2020, 1, 1)


class SatkerFactory(DjangoModelFactory):
    class Meta:
        model = Satker

    code = factory.Sequence(lambda n: f"{400000 + n:06d}")
    name = factory.LazyAttribute(lambda o: f"SATKER UJI {o.code}")


class StakeholderFactory(DjangoModelFactory):
    """A member of the public; with `of_satker=True` somebody who speaks for a satker."""

    class Meta:
        model = Stakeholder

    class Params:
        of_satker = factory.Trait(
            kind=StakeholderKind.SATKER,
            role="Bendahara Pengeluaran",
            satker=factory.SubFactory(SatkerFactory),
        )

    office = factory.SubFactory(OfficeFactory)
    kind = StakeholderKind.MASYARAKAT
    name = factory.Sequence(lambda n: f"Siti Stakeholder {n}")
    phone = factory.Sequence(lambda n: f"+62812{n:08d}")
    email = factory.Sequence(lambda n: f"stakeholder{n}@contoh.id")
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")


def paper(name="koran.pdf", content=samples.pdf()):  # noqa: B008 - the same bytes each time
    """A file as the upload check lets it through."""
    digest = hashlib.sha256(content).hexdigest()
    return CheckedFile(name, "application/pdf", len(content), digest, ContentFile(content))


class RegulationFactory(DjangoModelFactory):
    class Meta:
        model = Regulation

    kind = "PMK"
    number = factory.Sequence(lambda n: str(n + 1_000))  # beyond those that tests name
    year = 2023
    title = factory.LazyAttribute(lambda o: f"Ketentuan Uji {o.number}")
    status = RegulationStatus.IN_FORCE


class PublicAnswerFactory(factory.Factory):
    """An answer as `answers.services` publishes it at `now`: valid since long ago, to be reviewed in half a year."""

    class Meta:
        model = PublicAnswer

    office = factory.SubFactory(OfficeFactory)
    published_by = factory.LazyAttribute(lambda o: StaffFactory(office=o.office, role=Role.CSO))
    now = factory.LazyFunction(timezone.now)
    category = factory.LazyAttribute(lambda o: o.office.categories.get(code="RETUR"))
    question = factory.Sequence(lambda n: f"Mengapa SP2D diretur, hal {n}?")
    summary = "Karena nama dan nomor rekening penerima tidak sama."
    answer = "Sampaikan surat ralat rekening kepada KPPN."
    valid_from = date(2020, 1, 1)
    review_on = factory.LazyAttribute(lambda o: o.office.local_date(o.now) + timedelta(days=180))
    source = None

    @classmethod
    def _create(cls, _model_class, *, office, published_by, now, source, **said):
        return publish(office, Content(**said), by=published_by, now=now, source=source)


class ConsultationFactory(factory.Factory):
    """A consultation asked through the public form and brought along by the lifecycle's own acts, all at `now`.

    Traits: `taken`, `awaiting_documents` (one is asked for), `escalated` (to the category's unit), `resolved`,
    `closed` (by the stakeholder's word); each implies the steps it needs. `late` lets it have been received
    LONG_AGO: it is overdue at once, and marked so by the next sweep. `officer` is who handles it.
    """

    class Meta:
        model = Consultation

    class Params:
        late = factory.Trait(received_at=factory.LazyAttribute(lambda o: o.now - LONG_AGO))

    office = factory.SubFactory(OfficeFactory)
    category = factory.LazyAttribute(lambda o: o.office.categories.get(code="RETUR"))
    stakeholder = factory.LazyAttribute(lambda o: StakeholderFactory(office=o.office))
    contact = factory.LazyAttribute(
        lambda o: lifecycle.Contact(o.stakeholder.name, o.stakeholder.phone, o.stakeholder.email)
    )
    source = Source.FORM
    question = factory.Sequence(lambda n: f"Mengapa SP2D nomor {n} diretur oleh bank?")
    now = factory.LazyFunction(timezone.now)
    received_at = factory.SelfAttribute("now")
    by = actors.STAKEHOLDER
    officer = None
    files = ()

    taken = False
    awaiting_documents = False
    escalated = False
    resolved = False
    closed = False

    @classmethod
    def _create(cls, _model_class, *, office, now, by, officer, **kwargs):
        steps = ("taken", "awaiting_documents", "escalated", "resolved", "closed")
        wanted = {step for step in steps if kwargs.pop(step)}
        intake = lifecycle.Intake(**kwargs)
        if not intake.contact.is_reachable:
            return answered_on_the_spot(office, intake, now, is_closed="closed" in wanted)
        consultation = lifecycle.open_consultation(office, intake, by=by, now=now)
        if not wanted and officer is None:
            return consultation
        actor = actors.officer(officer or StaffFactory(office=office, role=Role.CSO))
        consultation = lifecycle.take(consultation, by=actor, now=now)
        if "awaiting_documents" in wanted:
            lifecycle.request_documents(consultation, ["Rekening koran"], by=actor, now=now)
        if "escalated" in wanted:
            unit = consultation.category.unit
            escalations.escalate(consultation, unit, "Mohon arahan atas ketentuan retur.", by=actor, now=now)
        if wanted & {"resolved", "closed"}:
            consultation = lifecycle.resolve(
                consultation, "Rekening penerima tidak aktif.", by=actor, now=now
            )
        if "closed" in wanted:
            lifecycle.close(consultation, by=actors.STAKEHOLDER, now=now)
        consultation.refresh_from_db()
        return consultation


def answered_on_the_spot(office, intake, now, *, is_closed):
    """Nobody can be reached about it later, which only an answer at the counter allows."""
    actor = actors.officer(StaffFactory(office=office, role=Role.CSO))
    answer = lifecycle.Resolution("Rekening penerima tidak aktif.")
    consultation = lifecycle.receive_at_desk(office, intake, by=actor, now=now, resolution=answer)
    if is_closed:
        lifecycle.close(consultation, by=actors.STAKEHOLDER, now=now)
        consultation.refresh_from_db()
    return consultation


def forget_contact(consultation):
    """As was open before the desk asked everybody for a contact; the database lets none become so any more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Consultation.objects.filter(pk=consultation.pk).update(
            contact_phone="", contact_email="", contact_channel="telepon"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    consultation.refresh_from_db()
    return consultation


class CounterFactory(DjangoModelFactory):
    """A counter that serves every category; `categories=[...]` narrows it."""

    class Meta:
        model = Counter
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    number = factory.Sequence(lambda n: n + 1)

    @factory.post_generation
    def categories(self, _create, chosen, **_kwargs):
        self.categories.set(chosen or [])


class QueueTicketFactory(factory.Factory):
    """A number given at `now`, whatever the hour; with a `reason` a priority one."""

    class Meta:
        model = QueueTicket

    office = factory.SubFactory(OfficeFactory)
    category = factory.LazyAttribute(lambda o: o.office.categories.get(code="RETUR"))
    reason = ""
    now = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, _model_class, *, office, now, **kwargs):
        with transaction.atomic():
            return issue(office, Visit(**kwargs), now=now, turn_at=now)


class HeldSubmissionFactory(factory.Factory):
    """A question that came without the browser's work, with `files` if given."""

    class Meta:
        model = HeldSubmission

    office = factory.SubFactory(OfficeFactory)
    category = factory.LazyAttribute(lambda o: o.office.categories.get(code="RETUR"))
    question = "Mengapa SP2D kami diretur oleh bank?"
    now = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, _model_class, *, office, category, question, now, files=()):
        asked = Asked(kind="masyarakat", name="Siti Rahma", email="siti@contoh.id", question=question)
        submission = Submission(
            asked=asked, category=category, submission_id=uuid4(), submitted_at=now, files=files
        )
        return hold(office, submission, [Doubt.NO_PROOF])


class SlotBookingFactory(factory.Factory):
    """A booking of the first slot of the first day that can be booked at `now`."""

    class Meta:
        model = SlotBooking

    office = factory.SubFactory(OfficeFactory)
    category = factory.LazyAttribute(lambda o: o.office.categories.get(code="RETUR"))
    name = "Siti Rahma"
    email = "siti@contoh.id"
    now = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, _model_class, *, office, now, slot=0, **kwargs):
        calendar, settings = queue_calendar(office), QueueSettings.of(office)
        (day, *_) = bookings.bookable_days(calendar, settings, now)
        starts_at = bookings.slots_of(office, day, calendar, settings)[slot].starts_at
        return bookings.book(office, starts_at, bookings.Reservation(**kwargs), now=now)
