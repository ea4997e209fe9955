"""Where an office's administrator words the letters to stakeholders."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.enums import LetterKind
from notifications.forms import MessageTextForm
from notifications.models import MessageText
from notifications.texts import REQUIRED, default_text, foot_example, placeholders, preview
from offices.http import office_of, right_required
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from django.http import HttpResponse

    from offices.http import DeskRequest
    from offices.models import Office


@require_safe
@right_required(Right.CHANGE_LETTERS)
def message_text_list(request: DeskRequest) -> HttpResponse:
    """Every kind of letter, and whether the office has worded it in its own way."""
    own = dict(MessageText.objects.filter(office=office_of(request)).values_list("kind", "subject"))
    context = {"kinds": [(kind, own.get(kind) or default_text(kind)[0], kind in own) for kind in LetterKind]}
    return render_page(request, "notifications/message_text_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CHANGE_LETTERS)
def message_text(request: DeskRequest, kind: str) -> HttpResponse:
    """The text of one kind, begun from the default; a look at it with example values, and then the saving."""
    office, letter = office_of(request), _kind(kind)
    text = _text(office, letter)
    is_own = text.pk is not None
    form = MessageTextForm(request.POST if request.method == "POST" else None, instance=text)
    is_refused = form.is_bound and not form.is_valid()
    if form.is_bound and not is_refused and "simpan" in request.POST:
        with once(request, reverse("message_text_list")):
            _store(office, letter, form)
        notices.success(request, f"Teks pesan “{letter.label}” disimpan dan dipakai untuk pesan berikutnya.")
        return redirect("message_text_list")
    context = {
        "kind": letter,
        "form": form,
        "is_own": is_own,
        "placeholders": [
            (f"{{{name}}}", each, name in REQUIRED[letter]) for name, each in placeholders(letter).items()
        ],
        "foot": foot_example(letter),
        "preview": None if is_refused else preview(text, office),
        "is_unsaved": form.is_bound,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render_page(request, "notifications/message_text.html", context, status=status)


@require_POST
@right_required(Right.CHANGE_LETTERS)
def message_text_reset(request: DeskRequest, kind: str) -> HttpResponse:
    """Back to the default."""
    letter = _kind(kind)
    with once(request, reverse("message_text_list")):
        MessageText.objects.filter(office=office_of(request), kind=letter).delete()
    notices.success(request, f"Teks pesan “{letter.label}” kembali ke bawaan.")
    return redirect("message_text_list")


def _kind(value: str) -> LetterKind:
    """Raises Http404."""
    if value not in LetterKind.values:
        raise Http404
    return LetterKind(value)


def _text(office: Office, kind: LetterKind) -> MessageText:
    """The office's own, or an unsaved one that says what the default says."""
    own = MessageText.objects.filter(office=office, kind=kind).first()
    if own is not None:
        return own
    subject, body = default_text(kind)
    return MessageText(office=office, kind=kind, subject=subject, body=body)


def _store(office: Office, kind: LetterKind, form: MessageTextForm) -> None:
    """Whichever of two administrators saves last is right; a default sent back unchanged stays the default."""
    subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
    if (subject, body.strip()) == (default_text(kind)[0], default_text(kind)[1].strip()):
        MessageText.objects.filter(office=office, kind=kind).delete()
        return
    words = {"subject": subject, "body": body}
    MessageText.objects.update_or_create(office=office, kind=kind, defaults=words)
