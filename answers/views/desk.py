"""Publishing from a consultation, and keeping what is public true."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.access import answer_for
from answers.forms import AnswerForm, DeskAnswers, WithdrawForm, draft_of_answer, draft_of_consultation
from answers.models import PublicAnswer
from answers.services import publish, revise, withdraw
from consultations.access import consultation_for
from consultations.enums import ANSWERED_STATUSES
from consultations.errors import RuleError
from offices.http import office_of, right_required
from offices.rights import Right
from regulations.forms import RegulationPick
from throttle.once import once

if TYPE_CHECKING:
    from django.http import HttpResponse

    from consultations.models import Consultation
    from offices.http import DeskRequest

PUBLISH = "terbitkan"  # the button that publishes; the other one shows the preview


@require_safe
@right_required(Right.READ_ANSWERS)
def answer_list(request: DeskRequest) -> HttpResponse:
    today = office_of(request).local_date(timezone.now())
    chosen = DeskAnswers(request.GET)
    answers, following = chosen.page(PublicAnswer.objects.visible_to(request.duties), today)
    context = {"chosen": chosen, "answers": answers, "following": following, "today": today}
    return render(request, "answers/desk/answer_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.PUBLISH_ANSWERS, hidden_without=Right.READ_CONSULTATIONS)
def answer_publish(request: DeskRequest, number: str) -> HttpResponse:
    """Make a public answer of a consultation that was answered; one published before leads to its answer."""
    source = consultation_for(request.duties, number)
    if source.status not in ANSWERED_STATUSES:
        messages.warning(request, "Konsultasi ini dapat diterbitkan setelah dijawab.")
        return redirect(source)
    published = source.public_answers.public().only("pk").first()
    if published is not None:
        return redirect("answer_edit", published.pk)
    now = timezone.now()
    if request.method != "POST":
        draft = draft_of_consultation(source, source.office.local_date(now))
        return _page(request, AnswerForm(office=source.office, source=source, initial=draft), source)
    form = AnswerForm(request.POST, office=source.office, source=source)
    if not _is_to_be_written(request, form):
        return _page(request, form, source)
    try:
        with once(request, source.get_absolute_url()) as sent:
            answer = publish(source.office, form.content, by=request.user, now=now, source=source)
            sent.leads_to = reverse("answer_edit", args=[answer.pk])
    except RuleError as error:
        form.add_error(None, str(error))
        return _page(request, form, source)
    messages.success(request, "Tanya jawab telah diterbitkan.")
    return redirect("answer_edit", answer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.READ_ANSWERS, to_write=Right.PUBLISH_ANSWERS)
def answer_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """One answer with its versions, to change what it says from now on."""
    answer, now = answer_for(request.duties, pk), timezone.now()
    if request.method != "POST":
        draft = draft_of_answer(answer, answer.office.local_date(now))
        form = AnswerForm(office=answer.office, source=answer.source, initial=draft)
        return _page(request, form, answer.source, answer)
    form = AnswerForm(request.POST, office=answer.office, source=answer.source)
    if not _is_to_be_written(request, form):
        return _page(request, form, answer.source, answer)
    try:
        with once(request, request.path):
            revise(answer, form.content, by=request.user, now=now)
    except RuleError as error:
        form.add_error(None, str(error))
        return _page(request, form, answer.source, answer)
    messages.success(request, "Perubahan telah diterbitkan. Versi sebelumnya tetap tersimpan.")
    return redirect("answer_edit", answer.pk)


@require_POST
@right_required(Right.PUBLISH_ANSWERS)
def answer_withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    answer, form = answer_for(request.duties, pk), WithdrawForm(request.POST)
    if not form.is_valid():
        draft = draft_of_answer(answer, answer.office.local_date(timezone.now()))
        unchanged = AnswerForm(office=answer.office, source=answer.source, initial=draft)
        return _page(request, unchanged, answer.source, answer, withdraw_form=form)
    try:
        with once(request, reverse("answer_edit", args=[answer.pk])):
            withdraw(answer, form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Tanya jawab telah ditarik dan tidak lagi ditampilkan kepada publik.")
    return redirect("answer_edit", answer.pk)


def _is_to_be_written(request: DeskRequest, form: AnswerForm) -> bool:
    """Whether to publish now: a valid form, nothing left that could tell who asked, and not only a preview."""
    if not form.is_valid() or request.POST.get("langkah") != PUBLISH:
        return False
    if not form.is_clear:
        form.add_error(
            None,
            "Masih ada bagian yang dapat mengungkap identitas orang. Hapus atau nyatakan aman satu per satu.",
        )
    return form.is_clear


def _page(
    request: DeskRequest,
    form: AnswerForm,
    source: Consultation | None,
    answer: PublicAnswer | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> HttpResponse:
    """The form; a valid one that was sent is shown as the public will see it, a refused one makes it a 422."""
    office = office_of(request)
    about = answer or source
    pick = {
        "regulations": form["regulations"].value() or [],
        "kategori": about.category.code if about else "",
    }
    ticked, offered = RegulationPick(pick).find()
    preview: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        preview = {"answer": form.content, "regulations": form.cleaned_data["regulations"]}
    is_refused = bool(form.errors or (withdraw_form and withdraw_form.errors))
    versions = list(answer.versions.select_related("published_by")) if answer else []
    context = {
        "form": form,
        "source": source,
        # Never the same again, also for what is published anew after it was withdrawn.
        "stands": len(versions) if answer or source is None else source.public_answers.count(),
        "office": office,
        "answer": answer,
        "versions": versions,
        "withdraw_form": withdraw_form or WithdrawForm(),
        "preview": preview,
        "may_publish": request.duties.may(Right.PUBLISH_ANSWERS),
        "ticked": ticked,
        "regulations": offered,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "answers/desk/answer_edit.html", context, status=status)
