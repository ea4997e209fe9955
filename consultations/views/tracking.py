"""A stakeholder's own consultation, opened by the token in its address, and the way back to a lost one."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations import lifecycle, link_requests
from consultations.access import attachment_by_token, consultation_by_token
from consultations.actors import STAKEHOLDER
from consultations.attachments import download
from consultations.errors import RuleError, SentBefore
from consultations.forms.public import (
    FindForm,
    LinkForm,
    ListForm,
    MessageForm,
    ReopenForm,
    TopicForm,
    UploadForm,
)
from consultations.models import DocumentItem
from consultations.reach import address_in_words, address_of
from consultations.tokens import senders_path
from consultations.tracking import correspondence, tracked
from consultations.views.public import HOUR, count_question, too_often
from consultations.writing_end import may_write
from throttle import limits, visitors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from consultations.attachments import FilesForm
    from consultations.models import Consultation

    View = Callable[..., HttpResponseBase]

WRONG_TOKENS_PER_ADDRESS = 60
SEARCHES_PER_ADDRESS = 30
ACTS_PER_CONSULTATION = 60
REPORTED = "Dilaporkan bahwa tautan ini diketahui orang lain."
SENT_TO_CONTACT = "Tautan yang baru kami kirim ke kontak yang tercatat."
ASK_THE_OFFICE = "Untuk mendapatkan tautan yang baru, silakan hubungi kantor yang menerima konsultasi ini."


def opened_by_token(view: View) -> View:
    """Give a view the consultation that the token in its address opens, and keep the page to whoever has the token.

    Only tokens that open nothing are counted by address: a right one cannot be guessed, and a whole office may
    follow its questions from one address. The referrer policy stays the site's "same-origin", which tells other
    sites nothing: under "no-referrer" browsers send forms with `Origin: null`, and the CSRF check refuses them.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            consultation = consultation_by_token(token)
        except Http404:
            if _over_limit(request, "track.wrong_token", WRONG_TOKENS_PER_ADDRESS):
                return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            return unknown_link(request)
        response = view(request, consultation, token, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(never_cache(wrapper))


def unknown_link(request: HttpRequest) -> HttpResponse:
    """The same for a link that was exchanged for another and for one that never was: where to ask for the one that holds."""
    context = {"office": None, "find_form": FindForm()}
    response = render(request, "consultations/public/unknown_link.html", context, status=HTTPStatus.NOT_FOUND)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def act_of_stakeholder(view: View) -> View:
    """An address that only takes what is sent to it; opened like a page, as from a closed tab, it leads to the page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("track", token)
        return opened_by_token(view)(request, token, **kwargs)

    return login_not_required(wrapper)


def _over_limit(request: HttpRequest, action: str, limit: int) -> datetime | None:
    return visitors.hit(request, action, limit=limit, per=HOUR, now=timezone.now())


@require_safe
@opened_by_token
def track(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    return _page(request, consultation, token)


def _page(
    request: HttpRequest,
    consultation: Consultation,
    token: str,
    *,
    message_form: MessageForm | None = None,
    upload_form: UploadForm | None = None,
) -> HttpResponse:
    """The tracking page, with a refused form in the place of its empty one."""
    found = tracked(consultation, timezone.now())
    context = {
        "office": consultation.office,
        "consultation": consultation,
        "tracked": found,
        "sent_to": address_in_words(consultation),
        "token": token,
        "message_form": message_form or ReopenForm(consultation=consultation),
        "uploads": [
            (
                document,
                upload_form
                if upload_form and upload_form.item == document.item
                else UploadForm(document.item),
            )
            for document in found.documents
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if message_form or upload_form else HTTPStatus.OK
    return render(request, "consultations/public/track.html", context, status=status)


def _attempt(
    consultation: Consultation,
    form: FilesForm,
    act: Callable[[dict[str, Any], datetime], Consultation],
    *,
    asks: bool = False,
) -> Consultation | None:
    """Do what the form asks for, once; None, with the reason on the form, when it is incomplete or the rules refuse.

    What `asks` a further question counts like one that is asked through the form.
    """
    now = timezone.now()
    key = str(consultation.pk)
    refused_until = limits.hit("track.act", key, limit=ACTS_PER_CONSULTATION, per=HOUR, now=now)
    if asks and not refused_until and form.is_complete():
        refused_until = count_question(consultation.contact_email or consultation.contact_phone, now)
    if refused_until:
        form.add_error(None, too_often(refused_until, consultation.office))
    if form.is_valid():
        try:
            return act(form.cleaned_data, now)
        except SentBefore:
            return consultation
        except RuleError as error:
            form.add_error(None, str(error))
    return None


@act_of_stakeholder
def track_reply(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    sent = _attempt(
        consultation,
        form,
        lambda said, now: lifecycle.message(
            consultation,
            said["text"],
            files=said["attachments"],
            submission_id=form.submission_id,
            now=now,
        ),
    )
    if sent is None:
        return _page(request, consultation_by_token(token), token, message_form=form)
    messages.success(request, "Pesan Bapak/Ibu telah kami terima dan akan dibaca petugas.")
    return redirect("track", token)


@act_of_stakeholder
def track_upload(request: HttpRequest, consultation: Consultation, token: str, item: int) -> HttpResponse:
    wanted = get_object_or_404(DocumentItem, pk=item, request__consultation=consultation)
    form = UploadForm(wanted, request.POST, request.FILES)
    sent = _attempt(
        consultation,
        form,
        lambda said, now: lifecycle.receive_documents(
            consultation, {wanted: said["attachments"]}, submission_id=form.submission_id, now=now
        ),
    )
    if sent is None:
        return _page(request, consultation_by_token(token), token, upload_form=form)
    messages.success(request, f"Dokumen “{wanted.name}” telah kami terima dan akan diperiksa petugas.")
    return redirect("track", token)


@act_of_stakeholder
def track_reopen(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    form = ReopenForm(request.POST, request.FILES, consultation=consultation)
    reopened = _attempt(
        consultation,
        form,
        lambda said, now: lifecycle.reopen(
            consultation,
            said["text"],
            files=said["attachments"],
            contact=form.contact,
            submission_id=form.submission_id,
            by=STAKEHOLDER,
            now=now,
        ),
    )
    if reopened is None:
        return _page(request, consultation_by_token(token), token, message_form=form)
    messages.success(
        request, "Konsultasi Bapak/Ibu telah dibuka kembali, dengan batas waktu jawaban yang baru."
    )
    return redirect("track", token)


@act_of_stakeholder
def track_further(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    """A question on what was answered; who left no contact asks through the public form."""
    if not consultation.has_contact:
        return redirect("public_form", consultation.office.slug)
    form = MessageForm(request.POST)

    further = _attempt(
        consultation,
        form,
        lambda said, now: lifecycle.ask_further(
            consultation, said["text"], submission_id=form.submission_id, now=now
        ),
        asks=True,
    )
    if further is None:
        return _page(request, consultation_by_token(token), token, message_form=form)
    return redirect(senders_path(further))


@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_token
def track_topic(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    """Another topic, asked without giving one's identity again; who left no contact, or long ago, asks through the form."""
    office = consultation.office
    if not consultation.has_contact or not may_write(consultation, timezone.now()):
        return redirect("public_form", office.slug)
    if request.method != "POST":
        return _topic_page(request, consultation, token, TopicForm(office=office))
    form = TopicForm(request.POST, request.FILES, office=office)

    asked = _attempt(
        consultation,
        form,
        lambda said, now: lifecycle.ask_another(
            consultation,
            said["question"],
            said["category"],
            files=said["attachments"],
            submission_id=form.submission_id,
            now=now,
        ),
        asks=True,
    )
    if asked is None:
        return _topic_page(request, consultation, token, form)
    return redirect(senders_path(asked))


def _topic_page(
    request: HttpRequest, consultation: Consultation, token: str, form: TopicForm
) -> HttpResponse:
    context = {
        "office": consultation.office,
        "standard": consultation.standard,
        "consultation": consultation,
        "sent_to": address_in_words(consultation),
        "token": token,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "consultations/public/topic.html", context, status=status)


@act_of_stakeholder
def track_close(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    try:
        lifecycle.close(consultation, by=STAKEHOLDER, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Terima kasih. Konsultasi ini telah ditutup.")
    return redirect("track", token)


@act_of_stakeholder
def track_report(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:  # noqa: ARG001 (it opened the page)
    """Somebody else knows the link: it opens nothing any more, and the contact person gets another."""
    try:
        renewed = lifecycle.renew_link(consultation, REPORTED, by=STAKEHOLDER, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        new = SENT_TO_CONTACT if address_of(renewed) else ASK_THE_OFFICE
        messages.success(request, f"Terima kasih. Tautan tadi tidak berlaku lagi. {new}")
    return redirect("track_find")


@require_safe
@opened_by_token
def track_file(
    _request: HttpRequest, _consultation: Consultation, token: str, public_id: UUID
) -> HttpResponseBase:
    return download(attachment_by_token(token, public_id))


@require_safe
@opened_by_token
def public_receipt(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    """What a stakeholder keeps or prints: the number, the promise, and the link, also as a QR code."""
    url = f"{settings.SITE_URL}{reverse('track', args=[token])}"
    context = {
        "office": consultation.office,
        "consultation": consultation,
        "token": token,
        "url": url,
        "sent_to": address_in_words(consultation),
        "related": _numbers_of_earlier(consultation),
        "qr": segno.make(url, micro=False).svg_inline(omitsize=True),
    }
    return render(request, "consultations/public/receipt.html", context)


def _numbers_of_earlier(consultation: Consultation) -> list[str]:
    """The same person's consultations this one is linked to; an officer may link it to others' as well."""
    own = consultation.links.filter(to__stakeholder=consultation.stakeholder_id)
    return list(own.values_list("to__number", flat=True))


@require_safe
@opened_by_token
def track_print(request: HttpRequest, consultation: Consultation, token: str) -> HttpResponse:
    """The whole correspondence on paper, as the stakeholder may show it to others: without the link that opens it."""
    context = {
        "office": consultation.office,
        "consultation": consultation,
        "correspondence": correspondence(consultation),
        "token": token,
        "now": timezone.now(),
    }
    return render(request, "consultations/public/track_print.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def track_find(request: HttpRequest) -> HttpResponse:
    """Open a pasted tracking link, or have the link of one consultation or of all sent to whoever asked."""
    if request.method != "POST":
        return _find_page(request)
    refused_until = _over_limit(request, "track_find", SEARCHES_PER_ADDRESS)
    if refused_until:
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    if "link" in request.POST:
        return _open_link(request)
    return _send_list_link(request) if "mine" in request.POST else _send_link(request)


def _find_page(
    request: HttpRequest,
    *,
    link_form: LinkForm | None = None,
    find_form: FindForm | None = None,
    list_form: ListForm | None = None,
) -> HttpResponse:
    context = {
        "link_form": link_form or LinkForm(),
        "find_form": find_form or FindForm(),
        "list_form": list_form or ListForm(),
        "office": None,
    }
    is_refused = link_form or find_form or list_form
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "consultations/public/find.html", context, status=status)


def _open_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    if form.is_valid():
        page, token = form.cleaned_data["link"]
        try:
            if page == "track":  # the other pages say themselves what became of a link
                consultation_by_token(token)
        except Http404:
            form.add_error("link", "Tautan ini tidak kami kenali. Silakan periksa kembali salinannya.")
        else:
            return redirect(page, token)
    return _find_page(request, link_form=form)


def _send_link(request: HttpRequest) -> HttpResponse:
    """Answer the same, whether or not there is such a consultation."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return _find_page(request, find_form=form)
    link_requests.ask(form.cleaned_data["contact"], number=form.cleaned_data["number"], now=timezone.now())
    messages.info(
        request,
        "Apabila nomor dan kontak tersebut cocok, tautan kami kirim ke surel atau WhatsApp yang dipakai untuk mengabari "
        "Bapak/Ibu. Silakan periksa pesan masuk, juga folder spam surel.",
    )
    return redirect("track_find")


def _send_list_link(request: HttpRequest) -> HttpResponse:
    """Answer the same, whether or not anything was asked with this contact."""
    form = ListForm(request.POST)
    if not form.is_valid():
        return _find_page(request, list_form=form)
    link_requests.ask(form.cleaned_data["mine"], now=timezone.now())
    messages.info(
        request,
        "Apabila kontak tersebut pernah dipakai untuk berkonsultasi, tautan daftar konsultasinya kami kirim ke sana. "
        "Silakan periksa pesan masuk, juga folder spam surel. Tautan berlaku 30 menit.",
    )
    return redirect("track_find")
