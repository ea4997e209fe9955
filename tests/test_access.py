"""Who may open and who may send what: every address of the desk, as every kind of person.

The table is the architecture's "who may do what" in status codes. An address it does not name fails the test, and so
does a line that no address has. Nothing is sent with a POST, so 422 (or the admin's 200) means: let in, form refused.
"""

import logging
import re
from datetime import date
from itertools import cycle
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from consultations import lifecycle
from consultations.invitations import rating_url, survey_url
from consultations.my_consultations import list_token
from consultations.tokens import new_token, token_of
from frontdesk import sessions, tokens
from frontdesk.models import QueueSettings
from notifications.enums import MessageStatus
from notifications.models import Message
from offices.enums import HolidayKind, Role
from offices.models import Holiday, SpecialHours, Staff
from offices.rights import Right
from stakeholders.models import PersonLookup
from tests.factories import (
    ConsultationFactory,
    CounterFactory,
    HeldSubmissionFactory,
    OfficeFactory,
    PublicAnswerFactory,
    QueueTicketFactory,
    RegulationFactory,
    SatkerFactory,
    SlotBookingFactory,
    StaffFactory,
    paper,
)
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
STAFF = {  # the head of the unit that is asked, and the head of another one
    "receptionist": Role.RECEPTIONIST,
    "cso": Role.CSO,
    "head": Role.UNIT_HEAD,
    "other_head": Role.UNIT_HEAD,
    "office_head": Role.OFFICE_HEAD,
    "administrator": Role.OFFICE_ADMIN,
}
PEOPLE = ("anonymous", *STAFF, "superuser", "stranger")  # no account; no office; an officer of another office
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
OWN_ACCOUNT = ("sandi/", "keluar/", "admin/logout/")

# {a,b} stands for one address with a and one with b. A dash is 405: the address does not take this method.
TABLE = r"""
#                                       anon rec cso head other ohead admin super stranger | the same with POST
                                        200 200 200 200 200 200 200 200 200 | - - - - - - - - -
healthz                                 503 503 503 503 503 503 503 503 503 | - - - - - - - - -
healthz/detail                          403 503 503 503 503 503 503 503 503 | - - - - - - - - -
metrics                                 404 404 404 404 404 404 404 404 404 | - - - - - - - - -
masuk/                                  200 200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 200
keluar/                                 302 - - - - - - - - | 302 302 302 302 302 302 302 302 302
sandi/                                  302 200 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200 200
<slug:slug>/                            200 200 200 200 200 200 200 200 200 | - - - - - - - - -
<slug:slug>/papan/                      200 200 200 200 200 200 200 200 200 | - - - - - - - - -
<slug:slug>/papan/siaran/               503 503 503 503 503 503 503 503 503 | - - - - - - - - -
<slug:slug>/konsultasi/                 200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422

lacak/                                  200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
lacak/saya/<str:token>/                 200 200 200 200 200 200 200 200 200 | - - - - - - - - -
lacak/<str:token>/{,tanda-terima/,cetak/,berkas/<uuid:public_id>/} \
                                        200 200 200 200 200 200 200 200 200 | - - - - - - - - -
lacak/tertahan/<str:token>/             200 200 200 200 200 200 200 200 200 | - - - - - - - - -
lacak/<str:token>/{balas,unggah/<int:item>,buka-kembali,lanjutan}/ \
                                        302 302 302 302 302 302 302 302 302 | 422 422 422 422 422 422 422 422 422
lacak/<str:token>/topik/                200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
lacak/nilai/<str:token>/                200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
lacak/<str:token>/laporkan/             302 302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302 302
<slug:slug>/survei/                     200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
<slug:slug>/survei/{hasil,terima-kasih}/ \
                                        200 200 200 200 200 200 200 200 200 | - - - - - - - - -
<slug:slug>/survei/<str:token>/         200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
laporan/skm/{,poster/}                  302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
lacak/<str:token>/selesai/              302 302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302 302

# A number, a booking: whoever holds the link. Asked for nothing, the office gives nothing.
antrean/<str:token>/{,karcis/}          200 200 200 200 200 200 200 200 200 | - - - - - - - - -
antrean/<str:token>/batal/              - - - - - - - - - | 302 302 302 302 302 302 302 302 302
antrean/pesanan/<str:token>/            200 200 200 200 200 200 200 200 200 | - - - - - - - - -
antrean/pesanan/<str:token>/{batal,hadir}/ \
                                        - - - - - - - - - | 302 302 302 302 302 302 302 302 302
<slug:slug>/antrean/{,pesan/}           200 200 200 200 200 200 200 200 200 | 422 422 422 422 422 422 422 422 422
meja/antrean/                           302 200 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/antrean/loket/<int:pk>/buka/       302 - - - - - - - - | 302 302 302 403 403 403 403 403 404
meja/antrean/pesanan/<int:pk>/hadir/    302 - - - - - - - - | 302 302 302 403 403 403 403 403 404
# A session is its officer's own, here the CSO's.
meja/sesi/                              302 200 200 403 403 403 403 403 200 | 302 - - - - - - - -
meja/sesi/mulai/                        302 - - - - - - - - | 302 302 302 403 403 403 403 403 302
meja/sesi/<int:pk>/                     302 404 200 403 403 403 403 403 404 | 302 404 422 403 403 403 403 403 404
meja/sesi/<int:pk>/draf/                302 - - - - - - - - | 302 404 422 403 403 403 403 403 404
meja/sesi/<int:pk>/{cari,saran}/        302 - - - - - - - - | 302 404 200 403 403 403 403 403 404
# Without an open counter of their own, runners of the queue are told so on its page.
meja/antrean/{panggil,ulangi,lewati,layani,selesai,alihkan,jeda,lanjut,tutup}/ \
                                        302 - - - - - - - - | 302 302 302 403 403 403 403 403 302
# An answer of the office; what the public may not see there is a 404 or, withdrawn, a 410.
<slug:slug>/tanya-jawab/                200 200 200 200 200 200 200 200 200 | - - - - - - - - -
<slug:slug>/tanya-jawab/mirip/          200 200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 200
<slug:slug>/tanya-jawab/<slug:answer>/  200 200 200 200 200 200 200 200 200 | - - - - - - - - -
<slug:slug>/tanya-jawab/<slug:answer>/membantu/ \
                                        - - - - - - - - - | 302 302 302 302 302 302 302 302 302

peraturan/                              302 200 200 200 200 200 200 200 200 | 302 - - - - - - - -
peraturan/cari/                         302 302 302 302 302 302 302 302 302 | 302 - - - - - - - -

meja/                                   302 200 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/pesan/                             302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/pesan/<int:pk>/                    302 403 200 200 200 200 200 403 404 | 302 - - - - - - - -
meja/pesan/<int:pk>/kirim-ulang/        302 - - - - - - - - | 302 403 302 403 403 403 403 403 404
meja/pesan/<int:pk>/alamat/             302 403 404 403 403 403 403 403 404 | 302 403 404 403 403 403 403 403 404
meja/pesan/teks/                        302 403 403 403 403 403 200 403 403 | 302 - - - - - - - -
meja/pesan/teks/<str:kind>/             302 403 403 403 403 403 200 403 403 | 302 403 403 403 403 403 422 403 403
meja/pesan/teks/<str:kind>/bawaan/      302 - - - - - - - - | 302 403 403 403 403 403 302 403 403
meja/pemberitahuan/                     302 200 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/pemberitahuan/dibaca/              302 - - - - - - - - | 302 302 302 302 302 302 302 403 302
meja/pemberitahuan/<int:pk>/            302 - - - - - - - - | 302 404 302 404 404 404 404 403 404
meja/progres/                           302 403 200 403 403 403 403 403 200 | 302 - - - - - - - -
meja/progres/<slug:number>/             302 - - - - - - - - | 302 403 422 403 403 403 403 403 404
meja/tertahan/{,ditolak/}               302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/tertahan/berkas/<int:pk>/          302 403 200 200 200 200 200 403 404 | 302 - - - - - - - -
meja/tertahan/tolak/                    302 - - - - - - - - | 302 403 422 403 403 403 403 403 422
meja/tertahan/<int:pk>/terima/          302 - - - - - - - - | 302 403 302 403 403 403 403 403 404
meja/tertahan/<int:pk>/terima-juga/     302 - - - - - - - - | 302 403 302 403 403 403 403 403 404
meja/lampiran/<uuid:public_id>/         302 404 200 200 200 200 200 404 404 | 302 - - - - - - - -
meja/konsultasi/                        302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/konsultasi/baru/                   302 200 200 403 403 403 403 403 200 | 302 422 422 403 403 403 403 403 422
meja/konsultasi/baru/cari/              302 - - - - - - - - | 302 200 200 403 403 403 403 403 200
meja/konsultasi/baru/kategori/          302 200 200 403 403 403 403 403 200 | 302 - - - - - - - -
meja/konsultasi/<slug:number>/          302 404 200 200 200 200 200 404 404 | 302 - - - - - - - -
meja/konsultasi/<slug:number>/tanda-terima/ \
                                        302 404 200 200 200 200 200 403 404 | 302 - - - - - - - -
# Nobody of them took this consultation down.
meja/konsultasi/<slug:number>/tanda-terima/tautan/ \
                                        302 - - - - - - - - | 302 404 302 302 302 302 302 403 404
meja/konsultasi/<slug:number>/kirim-tautan/ \
                                        302 404 302 302 403 403 403 404 404 | 302 404 302 422 403 403 403 404 404
meja/konsultasi/<slug:number>/ganti-tautan/ \
                                        302 404 200 302 403 403 403 404 404 | 302 404 422 422 403 403 403 404 404
# Forms that the state or the reader's part in it leaves no use for lead back to the consultation.
meja/konsultasi/<slug:number>/{balas,catatan,progres,selesai,minta-dokumen,kontak,kategori,rujuk}/ \
                                        302 404 200 200 403 403 403 404 404 | 302 404 422 422 403 403 403 404 404
meja/konsultasi/<slug:number>/{tautkan,pecah,batal}/ \
                                        302 404 200 302 403 403 403 404 404 | 302 404 422 422 403 403 403 404 404
meja/konsultasi/<slug:number>/telepon/ \
                                        302 404 200 200 403 403 403 404 404 | 302 404 302 302 403 403 403 404 404
meja/konsultasi/<slug:number>/{tangani,ambil-alih,buka-kembali}/ \
                                        302 404 302 302 403 403 403 404 404 | 302 404 422 422 403 403 403 404 404
meja/konsultasi/<slug:number>/dokumen/<int:pk>/{periksa,terima}/ \
                                        302 - - - - - - - - | 302 404 422 422 403 403 403 404 404

# This consultation is not answered yet, so that the way to publish it leads back.
meja/konsultasi/<slug:number>/terbitkan/ \
                                        302 404 302 403 403 403 403 404 404 | 302 404 302 403 403 403 403 404 404
meja/tanya-jawab/                       302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
meja/tanya-jawab/<int:pk>/              302 403 200 200 200 200 200 403 404 | 302 403 422 403 403 403 403 403 404
meja/tanya-jawab/<int:pk>/tarik/        302 - - - - - - - - | 302 403 422 403 403 403 403 403 404

eskalasi/                               302 403 200 200 200 200 200 403 200 | 302 - - - - - - - -
eskalasi/<int:pk>/                      302 403 200 200 404 200 200 403 404 | 302 - - - - - - - -
eskalasi/<int:pk>/terima/               302 - - - - - - - - | 302 403 403 302 404 403 403 403 403
eskalasi/<int:pk>/{jawab,kembalikan}/   302 - - - - - - - - | 302 403 403 422 404 403 403 403 403
eskalasi/<int:pk>/teruskan/             302 - - - - - - - - | 302 403 403 422 404 422 403 403 403
meja/konsultasi/<str:number>/eskalasi/  302 403 302 403 403 403 403 403 404 | 302 403 422 403 403 403 403 403 404
meja/konsultasi/<str:number>/eskalasi/<int:pk>/tarik/ \
                                        302 - - - - - - - - | 302 403 302 403 403 403 403 403 404

admin/                                  302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/login/                            302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
admin/logout/                           302 302 302 302 302 - - - 302 | 302 302 302 302 302 302 302 302 302
admin/password_change/                  302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
admin/{password_change/done,jsi18n}/    302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 - - - 403
admin/autocomplete/                     302 403 403 403 403 403 403 403 403 | 302 403 403 403 403 - - - 403
admin/(?P<url>.*)$                      302 403 403 403 403 404 404 404 403 | 302 403 403 403 403 404 404 404 403
admin/^(?P<app_label>offices|stakeholders|regulations|frontdesk)/$ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
# The administrator changes, the office's head reads; a row shared by all offices, or with a history, is not deleted.
admin/{offices/office,offices/staff,offices/unit,offices/appointment,offices/category}/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/{offices/servicestandard,offices/holiday,offices/specialhours,stakeholders/satker,regulations/regulation}/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/offices/office/add/               302 403 403 403 403 403 403 200 403 | 302 403 403 403 403 403 403 200 403
admin/{offices/staff,offices/unit,offices/appointment,offices/category}/add/ \
                                        302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/offices/{servicestandard,holiday,specialhours}/add/ \
                                        302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/{stakeholders/satker,regulations/regulation}/add/ \
                                        302 403 403 403 403 403 403 200 403 | 302 403 403 403 403 403 403 200 403
admin/{offices/office,offices/staff}/<path:object_id>/delete/ \
                                        302 403 403 403 403 403 403 200 403 | 302 403 403 403 403 403 403 200 403
admin/{stakeholders/satker,regulations/regulation}/<path:object_id>/delete/ \
                                        302 403 403 403 403 403 403 403 403 | 302 403 403 403 403 403 403 403 403
admin/offices/{unit,appointment,category,servicestandard,holiday,specialhours}/<path:object_id>/delete/ \
                                        302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/{offices/office,offices/staff,offices/unit,offices/appointment,offices/category}/<path:object_id>/change/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/offices/{servicestandard,holiday,specialhours}/<path:object_id>/change/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/{stakeholders/satker,regulations/regulation}/<path:object_id>/change/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 403 403 200 403
admin/{offices/office,offices/staff,offices/unit,offices/appointment,offices/category}/<path:object_id>/history/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/{offices/servicestandard,offices/holiday,offices/specialhours,stakeholders/satker,regulations/regulation}/<path:object_id>/history/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
# Django's former address of a row, which leads on to the one above.
admin/{offices/office,offices/staff,offices/unit,offices/appointment,offices/category}/<path:object_id>/ \
                                        302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
admin/{offices/servicestandard,offices/holiday,offices/specialhours,stakeholders/satker,regulations/regulation}/<path:object_id>/ \
                                        302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
# Who looked whom up is read, and changed by nobody.
admin/stakeholders/personlookup/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/stakeholders/personlookup/{add/,<path:object_id>/delete/} \
                                        302 403 403 403 403 403 403 403 403 | 302 403 403 403 403 403 403 403 403
admin/stakeholders/personlookup/<path:object_id>/change/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 403 403 403 403
admin/stakeholders/personlookup/<path:object_id>/history/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/stakeholders/personlookup/<path:object_id>/ \
                                        302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
admin/frontdesk/{counter,queuesettings}/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/frontdesk/{counter,queuesettings}/add/ \
                                        302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/frontdesk/{counter,queuesettings}/<path:object_id>/delete/ \
                                        302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/frontdesk/{counter,queuesettings}/<path:object_id>/change/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 403 200 200 403
admin/frontdesk/{counter,queuesettings}/<path:object_id>/history/ \
                                        302 403 403 403 403 200 200 200 403 | 302 403 403 403 403 200 200 200 403
admin/frontdesk/{counter,queuesettings}/<path:object_id>/ \
                                        302 403 403 403 403 302 302 302 403 | 302 403 403 403 403 302 302 302 403
admin/offices/staff/<id>/password/      302 403 403 403 403 403 200 200 403 | 302 403 403 403 403 403 200 200 403
"""


def expectations():
    """The table by route: for each method the status each kind of person gets."""
    expected = {}
    for line in re.sub(r"\\\n\s+", "", TABLE).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        route, codes = re.fullmatch(r"(\S*)\s*((?:(?:\d{3}|-|\|)\s*)+)", line).groups()
        statuses = [
            dict(zip(PEOPLE, [405 if code == "-" else int(code) for code in half.split()], strict=True))
            for half in codes.split("|")
        ]
        for written in alternatives(route):
            assert written not in expected, f"{written} stands twice in the table"
            expected[written] = dict(zip(("GET", "POST"), statuses, strict=True))
            for each in statuses:
                each["former"] = of_former(written, each)
    return expected


def of_former(route, statuses):
    """What is left to somebody whose appointment is over: what the public has, and the own account."""
    if route in OWN_ACCOUNT:
        return statuses["receptionist"]
    if not is_behind_the_door(route, statuses):
        return statuses["anonymous"]
    without_a_role = statuses["stranger" if route.startswith("admin/") else "superuser"]
    return without_a_role if without_a_role in (404, 405) else 403


def is_behind_the_door(route, statuses):
    """Whether who has not signed in is led to do so."""
    return statuses["anonymous"] == 302 and not route.startswith(("lacak/", "antrean/", "<slug:slug>/"))


def alternatives(route):
    if not (found := re.search(r"\{([^}]*)\}", route)):
        return [route]
    before, after = route[: found.start()], route[found.end() :]
    chosen = [f"{before}{choice}{after}" for choice in found[1].split(",")]
    return [written for each in chosen for written in alternatives(each)]


def views(resolver=None, prefix=""):
    """Every route of the URLconf, as it is written there, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern, route)
        else:
            yield route, pattern.callback


class World:
    """An office with somebody of each role, and a consultation in the midst of everything that can be asked of it."""

    def __init__(self):
        self.office = OfficeFactory()
        units = {"head": self.office.units.get(code="BANK"), "other_head": self.office.units.get(code="PD")}
        self.people = {
            name: StaffFactory(office=self.office, role=role, unit=units.get(name))
            for name, role in STAFF.items()
        }
        cso = self.people["cso"]
        self.consultation = ConsultationFactory(
            office=self.office, officer=cso, awaiting_documents=True, escalated=True
        )
        now = self.consultation.recorded_at
        lifecycle.message(self.consultation, "Ini berkasnya.", now=now, files=[paper()])
        message = Message.objects.filter(office=self.office).first()
        Message.objects.filter(pk=message.pk).update(
            status=MessageStatus.FAILED, next_attempt_at=None, last_error="Ditolak."
        )
        item = self.consultation.document_requests.get().items.get()
        booking = SlotBookingFactory(office=self.office)
        self.rows = {
            "office": self.office,
            "unit": units["head"],
            "staff": cso,
            "appointment": cso.appointments.get(),
            "category": self.office.categories.first(),
            "servicestandard": self.office.standards.get(),
            "holiday": Holiday.objects.create(
                office=self.office, date="2026-12-01", name="Libur", kind=HolidayKind.LOCAL
            ),
            "specialhours": SpecialHours.objects.create(
                office=self.office,
                service="online",
                name="Setengah hari",
                starts_on="2026-12-24",
                ends_on="2026-12-24",
            ),
            "satker": SatkerFactory(),
            "personlookup": PersonLookup.objects.create(
                office=self.office, staff=cso, stakeholder=self.consultation.stakeholder, at=now
            ),
            "regulation": RegulationFactory(),
            "counter": CounterFactory(office=self.office),
            "queuesettings": QueueSettings.objects.create(office=self.office),
        }
        answer = PublicAnswerFactory(office=self.office, published_by=cso)
        self.keys = {
            "message": message.pk,
            "notice": cso.notices.latest("pk").pk,
            "item": item.pk,
            "escalation": self.consultation.escalations.get().pk,
            "number": self.consultation.number,
            "public_id": self.consultation.attachments.get().public_id,
            "token": token_of(self.consultation),
            "list_token": list_token(self.consultation, self.consultation.contact_email, timezone.now()),
            "rating_token": rating_url(self.consultation).split("/")[-2],
            "survey_token": survey_url(self.consultation).split("/")[-2],
            "counter": self.rows["counter"].pk,
            "session": sessions.start(self.office, cso, now=now).pk,
            "ticket_token": tokens.token_of(QueueTicketFactory(office=self.office)),
            "booking": booking.pk,
            "booking_token": tokens.token_of(booking),
            "answer_pk": answer.pk,
            "answer": answer.slug,
            "slug": self.office.slug,
            "kind": "received",
            "id": cso.pk,
        }
        held = HeldSubmissionFactory(office=self.office, files=[paper()])
        self.keys |= {"held": held.pk, "held_token": new_token(held.public_id)}
        self.keys["held_file"] = held.files.get().pk

    def address(self, route):
        """The route with this world's own numbers, keys and tokens."""
        keys = {**self.keys, "pk": self.keys[_kind_of_key(route)], "token": self.keys[_kind_of_token(route)]}
        if row := re.match(r"admin/\w+/(\w+)/<", route):
            keys["object_id"] = self.rows[row[1]].pk
        keys.setdefault("object_id", 1)
        route = re.sub(r"\^\(\?P<app_label>(\w+)[^)]*\)(/)\$", r"\1\2", route)
        route = re.sub(r"\(\?P<url>\.\*\)\$", "tidak-ada", route)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(keys[part[1]]), route)


def _kind_of_key(route):
    if "antrean/" in route:
        return "counter" if "loket/" in route else "booking"
    if "dokumen/<" in route:
        return "item"
    named = {
        "tanya-jawab/": "answer_pk",
        "tertahan/berkas/": "held_file",
        "tertahan/": "held",
        "eskalasi/": "escalation",
        "pemberitahuan/": "notice",
        "sesi/": "session",
    }
    return next((key for part, key in named.items() if part in route), "message")


def _kind_of_token(route):
    if route.startswith("antrean/pesanan/"):
        return "booking_token"
    if route.startswith("lacak/saya/"):
        return "list_token"
    if "survei/" in route:
        return "survey_token"
    if route.startswith("lacak/nilai/"):
        return "rating_token"
    if route.startswith("lacak/tertahan/"):
        return "held_token"
    return "ticket_token" if route.startswith("antrean/") else "token"


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World()


@pytest.fixture
def visit(world, caplog):
    """Ask for an address as somebody, with what it changes undone; a redirection to the admin's door is a 403."""
    caplog.set_level(logging.CRITICAL, "django.request")  # a traceback for each refusal takes its time
    staff = {
        **world.people,
        "superuser": Staff.objects.create_superuser("root", full_name="Root", email="", password="x"),
        "stranger": StaffFactory(role=Role.CSO),
        "former": StaffFactory(office=world.office, role=Role.OFFICE_ADMIN, ends_on=date(2020, 12, 31)),
    }
    cookies = {"anonymous": {}}

    def visit(person, method, address):
        client = StrictClient()
        if person not in cookies:
            client.force_login(staff[person])
            cookies[person] = {name: morsel.value for name, morsel in client.cookies.items()}
        client.cookies.load(cookies[person])
        with transaction.atomic():
            response = client.generic(method, address)
            if response.streaming:
                b"".join(response.streaming_content)  # also closes the file
            if response.status_code == 302 and response.url.startswith(reverse("admin:login")):
                response = client.get(response.url)
            transaction.set_rollback(True)
        return response

    return visit


def test_the_table_names_every_address_and_no_other():
    assert sorted(expectations()) == sorted(route for route, _ in views())


@pytest.mark.parametrize("person", [*PEOPLE, "former"])
def test_everybody_gets_what_the_table_says(world, visit, person):
    wrong = []
    for route, methods in expectations().items():
        for method, statuses in methods.items():
            got = visit(person, method, world.address(route)).status_code
            if got != statuses[person]:
                wrong.append(f"{method} {route}: {got}, not {statuses[person]}")
    assert not wrong, "\n".join(wrong)


def test_who_has_not_signed_in_is_led_to_the_door(world, visit):
    for route, methods in expectations().items():
        for method, statuses in methods.items():
            if is_behind_the_door(route, statuses):
                response = visit("anonymous", method, world.address(route))
                assert response.url.startswith(reverse("sign_in")), route


@pytest.mark.parametrize("person", [*PEOPLE, "former"])
def test_no_other_method_opens_or_does_anything(world, visit, person):
    wrong, others = [], cycle(OTHER_METHODS)
    for _ in range([*PEOPLE, "former"].index(person)):
        next(others)  # so that each address is asked by each method, and each method by everybody
    for route, methods in expectations().items():
        led_to_the_door = person == "anonymous" and is_behind_the_door(route, methods["GET"])
        status = 302 if led_to_the_door and route != "admin/login/" else 405
        method = next(others)
        if method == "HEAD" and not route.endswith("siaran/"):
            status = methods["GET"][person]
        got = visit(person, method, world.address(route)).status_code
        if got != status:
            wrong.append(f"{method} {route}: {got}, not {status}")
    assert not wrong, "\n".join(wrong)


def test_every_address_is_public_or_asks_for_one_right():
    for route, view in views():
        is_public = not getattr(view, "login_required", True)
        if not route.startswith("admin/") and route not in OWN_ACCOUNT:
            assert is_public != isinstance(getattr(view, "right", None), Right), route


class Nowhere(World):
    """Numbers, keys and tokens that nobody was ever given."""

    def __init__(self):
        nothing = 2**31 - 1
        self.rows = {}
        self.keys = {
            **dict.fromkeys(
                (
                    "message",
                    "notice",
                    "item",
                    "escalation",
                    "id",
                    "counter",
                    "booking",
                    "session",
                    "answer_pk",
                    "held",
                    "held_file",
                ),
                nothing,
            ),
            **dict.fromkeys(
                (
                    "token",
                    "list_token",
                    "ticket_token",
                    "booking_token",
                    "survey_token",
                    "held_token",
                    "rating_token",
                ),
                "A" * 22,
            ),
            "answer": "tidak-ada",
            "number": "XYZ-2026-999999",
            "public_id": uuid4(),
            "slug": "tidak-ada",
            "kind": "tidak-ada",
        }


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("elsewhere", [World, Nowhere])
def test_what_belongs_to_another_office_is_as_if_it_did_not_exist(world, visit, person, elsewhere):
    foreign, found = elsewhere(), []
    for route, methods in expectations().items():
        is_own = "<" in route and not route.startswith(
            ("admin/", "lacak/", "antrean/", "<slug:slug>", "meja/pesan/teks/")
        )
        for method, statuses in methods.items():
            if is_own and statuses[person] not in (403, 405):
                got = visit(person, method, foreign.address(route)).status_code
                if got != 404:
                    found.append(f"{method} {route}: {got}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_or_an_office_that_does_not_exist_opens_nothing(world, visit, method):
    for route, methods in expectations().items():
        if route.startswith(("lacak/<", "lacak/nilai/", "lacak/tertahan/", "antrean/", "<slug")) and methods[
            method
        ]["anonymous"] in (200, 422):
            assert visit("anonymous", method, Nowhere().address(route)).status_code == 404, route


@pytest.mark.parametrize("person", ["office_head", "administrator"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_in_the_admin_too_another_offices_rows_do_not_exist(world, visit, person, method):
    foreign = World()
    for route, methods in expectations().items():
        of_an_office = re.match(
            r"admin/(?:offices|frontdesk|stakeholders/personlookup)(?:/\w+)?/<(path:object_id|id)>/\w+/",
            route,
        )
        if of_an_office and methods[method][person] == 200:
            response = visit(person, method, foreign.address(route))
            assert (response.status_code, response.get("Location")) in (
                (302, reverse("admin:index")),
                (404, None),
            ), route
