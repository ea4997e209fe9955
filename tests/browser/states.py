"""What a visitor may meet, made in the live desk's own database, at an office of its own that never closes.

Browser tests call these through the fixture `in_desk`, each time in a process that ends.
"""

from datetime import date, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from answers.services import withdraw
from consultations import actors, lifecycle
from consultations.enums import Doubt
from consultations.held import accept, hold, reject
from consultations.invitations import rating_url, survey_url
from consultations.lifecycle import Verdict
from consultations.models import HeldSubmission
from consultations.my_consultations import list_token
from consultations.submissions import Asked, Submission, open_submission
from consultations.tokens import new_token, token_of
from consultations.views.tracking import WRONG_TOKENS_PER_ADDRESS
from demo.accounts import PASSWORD
from escalations import services as escalations
from frontdesk import bookings, calls
from frontdesk.models import SlotBooking
from frontdesk.tokens import token_of as token_of_visit
from notifications.models import Message
from offices.enums import HolidayKind, Role, ServiceKind
from offices.models import Holiday, Office, ServiceHours, Staff
from stakeholders.identity import parse_name
from surveys.elements import ELEMENTS
from surveys.enums import SurveySource
from surveys.services import rate, respond
from tests.factories import (
    LONG_AGO,
    AppointmentFactory,
    ConsultationFactory,
    CounterFactory,
    HeldSubmissionFactory,
    OfficeFactory,
    PublicAnswerFactory,
    QueueTicketFactory,
    RegulationFactory,
    SlotBookingFactory,
    StakeholderFactory,
    paper,
)
from tests.hostile import SCRIPTS
from throttle import limits

SLUG = "layar"
CLOSED_SLUG = "layar-tutup"
OFFICER, COLLEAGUE = "cso.layar", "cso2.layar"
LONG_WORD = "https://sakti.kemenkeu.go.id/" + "halaman" * 20
FEWEST_RESPONSES = 5
MORE_THAN_A_PAGE = 21
ATTACKER = "penyerang@contoh.id"
PUBLIC_PAGES = ("track", "track_print", "public_receipt")


def office():
    """The tests' own office, open at whatever hour they run: one officer may do everything, a colleague serves."""
    found = Office.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    new = OfficeFactory(slug=SLUG, name="KPPN Layar", number_prefix="LYR", email="kppn.layar@desk.invalid")
    ServiceHours.objects.filter(office=new).delete()
    ServiceHours.objects.bulk_create(
        ServiceHours(
            office=new, service=service, weekday=weekday, opens_at=time(0), closes_at=time(23, 59, 59)
        )
        for service in ServiceKind.values
        for weekday in range(7)
    )
    today = new.local_date(timezone.now())
    Holiday.objects.create(office=new, date=today, kind=HolidayKind.EXTRA_WORKING_DAY, name="Uji")
    for username, name in ((OFFICER, "Ida Ayu Kartika"), (COLLEAGUE, "Made Wirawan")):
        staff = Staff.objects.create_user(
            username, password=PASSWORD, office=new, full_name=name, email=f"{username}@desk.invalid"
        )
        AppointmentFactory(staff=staff, role=Role.CSO)
    head = Staff.objects.get(username=OFFICER)
    for role in (Role.OFFICE_HEAD, Role.OFFICE_ADMIN):
        AppointmentFactory(staff=head, role=role)
    AppointmentFactory(staff=head, role=Role.UNIT_HEAD, unit=new.units.get(code="BANK"))
    return new


def officer():
    office()
    return Staff.objects.get(username=OFFICER)


def consultation(**traits):
    """As the factory makes it, at the tests' own office; in the hands of its officer unless it is new."""
    return ConsultationFactory(office=office(), officer=officer() if traits else None, **traits)


def track(found):
    return reverse("track", args=[token_of(found)])


def request_documents(found, *names):
    """Ask for these; the items that were asked for."""
    by, now = actors.officer(officer()), timezone.now()
    return lifecycle.request_documents(found, names, by=by, now=now).items.all()


def asked_for_documents():
    """The tracking page of a question for which two documents are asked, and of two with an answer."""
    waiting = consultation(taken=True)
    request_documents(waiting, "Surat ralat", "Rekening koran")
    answered, other = (consultation(resolved=True) for _ in range(2))
    return {
        "documents": track(waiting),
        "answered": track(answered),
        "answered too": track(other),
        "rating": urlsplit(rating_url(other)).path,
    }


def everything():
    """The addresses of every page for visitors, by what it shows."""
    return {
        **offices_and_errors(),
        **ways_to_ask(),
        **tracked(),
        **asked_with_one_contact(),
        **answers(),
        **judgements(),
        **visits(),
    }


def offices_and_errors():
    closed = OfficeFactory(slug=CLOSED_SLUG, name="KPPN Layar Tutup", number_prefix="LYT")
    today = closed.local_date(timezone.now())
    Holiday.objects.create(office=closed, date=today, kind=HolidayKind.CLOSED, name="Pindah gedung")
    for _ in range(WRONG_TOKENS_PER_ADDRESS):
        limits.hit(
            "track.wrong_token",
            "127.0.0.1",
            limit=WRONG_TOKENS_PER_ADDRESS,
            per=timedelta(hours=1),
            now=timezone.now(),
        )
    return {
        "list of offices": "/",
        "office": reverse("office", args=[office().slug]),
        "office without figures": reverse("office", args=[CLOSED_SLUG]),
        "sign-in": reverse("sign_in"),
        "nothing there": "/tidak/ada/",
        "too many tries": reverse("track", args=["A" * 22]),
    }


def ways_to_ask():
    waiting, accepted, rejected = (HeldSubmissionFactory(office=office()) for _ in range(3))
    accept(accepted, by=officer(), now=timezone.now())
    reject(
        HeldSubmission.objects.filter(pk=rejected.pk),
        f"Berisi iklan dari {LONG_WORD}",
        by=officer(),
        now=timezone.now(),
    )
    asked = consultation()
    return {
        "form": reverse("public_form", args=[SLUG]),
        "receipt": reverse("public_receipt", args=[token_of(asked)]),
        "another topic": reverse("track_topic", args=[token_of(asked)]),
        "held, waiting": reverse("held_receipt", args=[new_token(waiting.public_id)]),
        "held, accepted": reverse("held_receipt", args=[new_token(accepted.public_id)]),
        "held, rejected": reverse("held_receipt", args=[new_token(rejected.public_id)]),
        "find": reverse("track_find"),
    }


def tracked():
    by = actors.officer(officer())
    long = consultation(
        taken=True,
        question=f"Mengapa {LONG_WORD} tidak dapat dibuka?",
        files=[paper(f"{'lampiran' * 15}.pdf")],
        contact=lifecycle.Contact("Wijayakusumaningtyas" * 5, "+6281234567890", f"{'s' * 60}@contoh.id"),
    )
    lifecycle.post_progress(long, "Sedang kami telaah bersama bank.", by=by, now=timezone.now())
    waiting = consultation(taken=True)
    letter, statement, *_ = request_documents(waiting, "Surat ralat", "Rekening koran", "SPTJM")
    for item in (letter, statement):
        lifecycle.receive_documents(waiting, {item: [paper()]}, now=timezone.now())
    lifecycle.review_document(
        letter, Verdict.REJECT, by=by, now=timezone.now(), reason="Nomor rekening tidak terbaca."
    )
    lifecycle.review_document(statement, Verdict.ACCEPT, by=by, now=timezone.now())
    reopened, rated, referred, cancelled = (consultation(resolved=n < 2, taken=True) for n in range(4))
    lifecycle.reopen(reopened, "Ralat kami ditolak lagi.", by=actors.STAKEHOLDER, now=timezone.now())
    rate(rated, 4, "Jelas dan cepat.", now=timezone.now())
    lifecycle.refer(referred, "KPP Pratama Mataram", "loket layanannya", by=by, now=timezone.now())
    lifecycle.cancel(cancelled, "Tercatat dua kali.", by=by, now=timezone.now())
    found = {
        "new": consultation(),
        "in progress, with long words": long,
        "awaiting documents": waiting,
        "escalated": consultation(escalated=True),
        "late": consultation(taken=True, late=True),
        "resolved": consultation(resolved=True),
        "resolved late": consultation(resolved=True, late=True),
        "resolved and rated": rated,
        "reopened": reopened,
        "closed": consultation(closed=True),
        "referred": referred,
        "cancelled": cancelled,
    }
    return {
        **{f"tracking, {state}": track(each) for state, each in found.items()},
        "correspondence, with long words": reverse("track_print", args=[token_of(long)]),
        "correspondence, with documents": reverse("track_print", args=[token_of(waiting)]),
    }


def asked_with_one_contact():
    person = StakeholderFactory(office=office(), email="layar@contoh.id")
    asked = [consultation(stakeholder=person, resolved=n % 3 == 0) for n in range(MORE_THAN_A_PAGE)]
    link = reverse("my_consultations", args=[list_token(asked[0], person.email, timezone.now())])
    return {
        "my consultations": link,
        "my consultations, older": f"{link}?sebelum={asked[5].pk}",
        "my consultations, none": f"{link}?sebelum=1",
    }


def answers():
    current, expired, withdrawn = (
        PublicAnswerFactory(
            office=office(),
            published_by=officer(),
            question=f"Mengapa SP2D diretur, {what}?",
            regulations=[RegulationFactory(number=number)],
            valid_until=until,
        )
        for what, number, until in (
            ("bila rekening pasif", "9001", None),
            ("bila nama berbeda", "9002", date(2020, 2, 1)),
            ("bila bank bergabung", "9003", None),
        )
    )
    withdraw(withdrawn, "Ketentuannya berubah.", by=officer(), now=timezone.now())
    found = {"answer": current, "answer, expired": expired, "answer, withdrawn": withdrawn}
    listed = reverse("public_answers", args=[SLUG])
    return {
        "answers": listed,
        "answers, none yet": reverse("public_answers", args=[CLOSED_SLUG]),
        "answers, found": f"{listed}?cari=retur+sp2d",
        "answers, nothing found": f"{listed}?cari=zzzz",
        **{name: reverse("public_answer", args=[SLUG, each.slug]) for name, each in found.items()},
    }


def judgements():
    for number in range(FEWEST_RESPONSES):
        scores = {element.name: 3 for element in ELEMENTS}
        respond(office(), scores, source=SurveySource.POSTER, key=str(number), now=timezone.now())
    return {
        "rating": urlsplit(rating_url(consultation(resolved=True))).path,
        "survey": reverse("survey", args=[SLUG]),
        "survey, invited": urlsplit(survey_url(consultation(resolved=True))).path,
        "survey, thanks": reverse("survey_thanks", args=[SLUG]),
        "survey, results": reverse("survey_results", args=[SLUG]),
        "survey, no results": reverse("survey_results", args=[CLOSED_SLUG]),
    }


def visits():
    now = timezone.now()
    shift = calls.open_counter(CounterFactory(office=office(), number=1), officer(), now=now)
    yesterday = QueueTicketFactory(office=office(), now=now - timedelta(days=1))
    done, called, left, waiting = (QueueTicketFactory(office=office(), now=now) for _ in range(4))
    calls.start_serving(calls.call_next(shift, now=now), officer=officer(), now=now)
    calls.finish(done, now=now)
    calls.call_next(shift, now=now)
    calls.withdraw(left, now=now)
    numbers = {"waiting": waiting, "called": called, "done": done, "left": left, "of yesterday": yesterday}
    booked, cancelled = (SlotBookingFactory(office=office(), slot=slot) for slot in range(2))
    bookings.cancel(cancelled, now=now)
    return {
        "kiosk": reverse("queue_kiosk", args=[SLUG]),
        "kiosk, closed": reverse("queue_kiosk", args=[CLOSED_SLUG]),
        "slip": reverse("queue_slip", args=[token_of_visit(waiting)]),
        **{
            f"number, {state}": reverse("queue_follow", args=[token_of_visit(each)])
            for state, each in numbers.items()
        },
        "booking form": reverse("booking_form", args=[SLUG]),
        "booking": reverse("booking", args=[token_of_visit(booked)]),
        "booking, cancelled": reverse("booking", args=[token_of_visit(cancelled)]),
        "board": reverse("queue_board", args=[SLUG]),
        "board, nobody called": reverse("queue_board", args=[CLOSED_SLUG]),
    }


def with_stored_scripts():
    """Pages that show what the public wrote, when all of it is markup: (for everybody, for the officer)."""
    by, now = actors.officer(officer()), timezone.now()
    text = "\n".join(SCRIPTS)
    asked = [
        open_submission(office(), sent_by_attacker(number, text, now), now=now)
        for number in range(len(SCRIPTS))
    ]
    for number, found in enumerate(asked):
        lifecycle.take(found, by=by, now=now)
        files = [paper(f"{SCRIPTS[number]}.pdf")]
        lifecycle.message(found, text, files=files, now=now)
        if number % 2:
            answered = lifecycle.resolve(found, "Rekening penerima tidak aktif.", by=by, now=now)
            rate(answered, 1, SCRIPTS[number], now=now)
        if number % 4 == 1:
            lifecycle.reopen(found, text, files=files, by=actors.STAKEHOLDER, now=now)
    escalation = escalations.escalate(asked[0], asked[0].category.unit, "Mohon arahan.", by=by, now=now)
    for number in range(len(SCRIPTS)):
        hold(office(), sent_by_attacker(number, text, now), [Doubt.NO_PROOF])
    booked = [
        SlotBookingFactory(office=office(), slot=number, name=as_name(script))
        for number, script in enumerate(SCRIPTS)
    ]
    today = office().local_date(now)
    SlotBooking.objects.filter(pk__in=[each.pk for each in booked]).update(
        day=today, starts_at=F("starts_at") - (booked[0].day - today)
    )
    for script in SCRIPTS:
        scores = {element.name: 1 for element in ELEMENTS}
        respond(office(), {**scores, "suggestion": script}, source=SurveySource.POSTER, key=script, now=now)
    letters = Message.objects.filter(reference__in=[each.number for each in asked])
    return [
        [
            *(reverse(name, args=[token_of(each)]) for each in asked for name in PUBLIC_PAGES),
            reverse("my_consultations", args=[list_token(asked[0], ATTACKER, now)]),
            *(reverse("booking", args=[token_of_visit(each)]) for each in booked),
        ],
        [
            *(
                reverse(name, args=[each.number])
                for each in asked
                for name in ("consultation", "desk_receipt")
            ),
            reverse("answer_publish", args=[asked[3].number]),
            reverse("desk"),
            f"{reverse('consultation_list')}?urut=tenggat",
            reverse("held_list"),
            reverse("progress_today"),
            reverse("queue_desk"),
            reverse("escalation_inbox"),
            reverse("escalation", args=[escalation.pk]),
            reverse("notice_list"),
            reverse("message_list"),
            *(reverse("message_detail", args=[each.pk]) for each in letters[:6]),
            reverse("survey_report"),
        ],
    ]


def as_name(script):
    """A name that holds the script; one that reads like an address is refused there, and the first stands for it."""
    try:
        return parse_name(script)
    except ValidationError:
        return SCRIPTS[0]


def sent_by_attacker(number, text, now):
    """The form with a script in every field, of a satker and of others by turns; long due, so that lists begin with it."""
    script = SCRIPTS[number]
    named = as_name(script)
    asked = Asked(
        kind=("satker", "pemda")[number % 2],
        satker_code=("" if number % 2 else f"{990_000 + number}"),
        satker_name=named,
        organisation=named,
        role=named[:60],
        name=named,
        email=ATTACKER,
        question=text,
    )
    return Submission(
        asked=asked,
        category=office().categories.get(code="RETUR"),
        submission_id=uuid4(),
        submitted_at=now - LONG_AGO,
        files=[paper(f"{script}.pdf")],
    )
