"""One consultation as staff see it, and every act on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from consultations import actors
from consultations.access import attachment_for, consultation_for
from consultations.attachments import download
from consultations.enums import Act
from consultations.errors import RuleError
from consultations.forms.conversation import ProgressForm
from consultations.forms.documents import ItemForm
from consultations.forms.ticket import COMPOSER, ResolveForm, SendLinkForm, offered_forms
from consultations.models import DocumentItem
from consultations.progress_draft import draft_progress
from consultations.reach import address_in_words, address_of
from consultations.ticket import read_ticket
from consultations.transitions import allowed_acts
from offices.http import right_required
from offices.rights import Right
from regulations.forms import RegulationPick
from stakeholders.identity import display_phone, mask_nip, whatsapp_link
from throttle.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.http import FileResponse, HttpResponse

    from consultations.actors import Actor
    from consultations.forms.act import ActForm
    from consultations.models import Consultation, Entry
    from consultations.ticket import Ticket
    from offices.http import DeskRequest

TEMPLATE = "consultations/desk/ticket.html"
COMPOSER_TEMPLATE = "consultations/desk/partials/_composer.html"


@require_safe
@right_required(Right.READ_CONSULTATIONS, hidden_without=Right.READ_CONSULTATIONS)
def consultation(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, consultation_for(request.duties, number))


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.ACT_ON_CONSULTATIONS, hidden_without=Right.READ_CONSULTATIONS)
@vary_on_headers("HX-Request")
def act(request: DeskRequest, number: str, form_class: type[ActForm]) -> HttpResponse:
    """Show the act's form open on the ticket, or do the act."""
    found = consultation_for(request.duties, number)
    by = _required_actor(request, found)
    if request.method == "POST":
        return _perform(request, found, by, form_class(request.POST, request.FILES, consultation=found))
    if form_class.act not in allowed_acts(found, by.kind) or not form_class.base_fields:
        return redirect(found)
    return _page(request, found, form_class(consultation=found))


@require_POST
@right_required(Right.ACT_ON_CONSULTATIONS, hidden_without=Right.READ_CONSULTATIONS)
def item_act(request: DeskRequest, number: str, pk: int, form_class: type[ItemForm]) -> HttpResponse:
    """An act on one of the documents asked for."""
    found = consultation_for(request.duties, number)
    items = DocumentItem.objects.filter(request__consultation=found).select_related("request__consultation")
    item = get_object_or_404(items, pk=pk)
    by = _required_actor(request, found)
    return _perform(request, found, by, form_class(request.POST, request.FILES, item=item))


@require_safe
@right_required(Right.READ_CONSULTATIONS, hidden_without=Right.READ_CONSULTATIONS)
def attachment(request: DeskRequest, public_id: UUID) -> FileResponse:
    return download(attachment_for(request.duties, public_id))


def _perform(request: DeskRequest, found: Consultation, by: Actor, form: ActForm) -> HttpResponse:
    """Do it and go on; what is refused comes back on the page, with what was typed."""
    if form.is_valid():
        try:
            with once(request, found.get_absolute_url()) as sent:
                target = form.perform(by=by, now=timezone.now())
                sent.leads_to = target.get_absolute_url()
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            is_unsent = form.done_unsent and address_of(target) is None
            messages.success(request, form.done_unsent if is_unsent else form.done)
            return redirect(target)
    return _page(request, consultation_for(request.duties, found.number), form)


def _actor(request: DeskRequest, escalations: Iterable[Any]) -> Actor | None:
    """In which capacity the reader may act: an officer, or the head who is asked, by the title of that unit.

    A unit's head has all acts on what is escalated to the unit. None when only to read.
    """
    if request.duties.may(Right.HANDLE_CONSULTATIONS):
        return actors.officer(request.user)
    titles = request.duties.unit_titles
    asked = [each.unit_id for each in escalations if each.is_open and each.unit_id in titles]
    return actors.head(request.user, titles[asked[0]]) if asked else None


def _required_actor(request: DeskRequest, found: Consultation) -> Actor:
    by = _actor(request, found.escalations.open())
    if by is None:
        raise PermissionDenied
    return by


def _page(request: DeskRequest, found: Consultation, form: ActForm | None = None) -> HttpResponse:
    """The ticket, perhaps with one form open; a form that was refused makes it a 422."""
    now = timezone.now()
    context: dict[str, Any] = {"consultation": found, "open_form": form}
    if isinstance(form, ResolveForm):
        pick = {"regulations": form["regulations"].value() or [], "kategori": found.category.code}
        context["ticked"], context["regulations"] = RegulationPick(pick).find()
    if request.htmx and not isinstance(form, ItemForm):  # those have no part of their own
        context["state"] = found.entries.order_by("-pk").values_list("pk", flat=True).first()
        return _fragment(request, context, now)
    ticket = read_ticket(found, now)
    by = _actor(request, ticket.escalations)
    context |= {
        "ticket": ticket,
        "state": max(line.entry.pk for line in ticket.lines),
        "newest_first": ticket.lines[::-1],
        "reach": _reach(found),
        "escalations": ticket.escalations,
        "may_publish": request.duties.may(Right.PUBLISH_ANSWERS),
        **_acts(ticket, by, form, now),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, TEMPLATE, context, status=status)


def _fragment(request: DeskRequest, context: dict[str, Any], now: datetime) -> HttpResponse:
    """The one form that was asked for: the fields of a tab, or an act's panel."""
    found, form = context["consultation"], context["open_form"]
    if not isinstance(form, COMPOSER):
        return render(request, f"{TEMPLATE}#open_form", context)
    entries = found.entries.select_related("progress_update")
    fields = {"form": _composer_form(type(form), found, entries, form, now), "reach": _reach(found)}
    return render(request, f"{COMPOSER_TEMPLATE}#fields", fields)


def _acts(ticket: Ticket, by: Actor | None, form: ActForm | None, now: datetime) -> dict[str, Any]:
    """The forms of what the reader may do now. The one that was refused is among them, even if no longer allowed."""
    found = ticket.consultation
    acts = allowed_acts(found, by.kind) if by else set()
    offered = offered_forms(found, by) if by else []
    composer = [each for each in COMPOSER if each in offered or isinstance(form, each)]
    entries = [line.entry for line in ticket.lines]
    in_place = isinstance(form, (*COMPOSER, ItemForm))
    return {
        "at_once": [each for each in offered if not each.base_fields and each is not SendLinkForm],
        "may_send_link": SendLinkForm in offered,
        "menu": [each for each in offered if each.base_fields and each not in COMPOSER],
        "open_form": None if in_place else form,
        "composer": [_composer_form(each, found, entries, form, now) for each in composer],
        "written": form.path if isinstance(form, COMPOSER) else "",
        "may_review": Act.REVIEW_DOCUMENT in acts,
        "refused_item": form if isinstance(form, ItemForm) else None,
        "may_escalate": Act.ESCALATE in acts,
    }


def _composer_form(
    form_class: type[ActForm],
    found: Consultation,
    entries: Iterable[Entry],
    form: ActForm | None,
    now: datetime,
) -> ActForm:
    """The form of a tab: what was typed into it, else empty, a progress with its draft from the whole timeline."""
    if isinstance(form, form_class) and form.is_bound:
        return form
    if form_class is not ProgressForm:
        return form_class(consultation=found)
    return ProgressForm(consultation=found, initial={"text": draft_progress(found, entries, now)})


def _reach(found: Consultation) -> dict[str, str]:
    """How to reach the contact person, as read and as dialled; the NIP only in part."""
    return {
        "phone": display_phone(found.contact_phone),
        "sent_to": address_in_words(found),
        "whatsapp": whatsapp_link(found.contact_phone),
        "nip": mask_nip(found.stakeholder.nip),
    }
