"""Telling people of the office what happened to an account: inside the desk, and by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from notifications.models import Notice
from notifications.notices import post
from notifications.outbox import compose, enqueue
from offices.account_news import AccountEvent
from offices.dates import format_moment
from offices.duties import holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from notifications.models import Message
    from offices.account_news import AccountNews
    from offices.models import Office, Staff

ALSO_TOLD = {
    AccountEvent.PASSWORD_SET: Role.OFFICE_HEAD,
    AccountEvent.ADDRESS_CHANGED: Role.OFFICE_HEAD,
    AccountEvent.APPOINTED_HEAD: Role.OFFICE_HEAD,
    AccountEvent.GUESSED_AT: Role.OFFICE_ADMIN,
}


def tell(news: AccountNews) -> None:
    """Write to the account's owner and to whoever else must know; of an account without an office nobody can be told."""
    office = news.staff.office
    if office is None:
        return
    others = holders_by_office([office.pk], ALSO_TOLD[news.event], news.at).get(office.pk, [])
    people = {person.pk: person for person in (*(each.staff for each in others), news.staff)}
    messages = [_letter(news, office, person) for person in people.values()]
    post(
        Notice(
            office=office,
            recipient=person,
            title=message.subject,
            text=f"Akun {news.staff.username}",
            url=_page(news, person),
            dedupe_key=message.dedupe_key,
            at=news.at,
        )
        for person, message in zip(people.values(), messages, strict=True)
    )
    enqueue(message for message in messages if message.recipient)


def _letter(news: AccountNews, office: Office, person: Staff) -> Message:
    """One for each act of somebody else; of wrong passwords, one a day for each round number."""
    day = office.local_date(news.at)
    occasion = f"{day}:{news.tries}" if news.event is AccountEvent.GUESSED_AT else news.at.isoformat()
    context = {
        "name": person.full_name,
        "owner": news.staff,
        "is_owner": person.pk == news.staff.pk,
        "by": news.by,
        "tries": news.tries,
        "about": news.about,
        "at": format_moment(news.at, office.zone),
        "url": f"{settings.SITE_URL}{_page(news, person)}",
    }
    return compose(
        office=office,
        kind=news.event.value,
        template=news.event.value,
        context=context,
        recipient=person.email,
        recipient_name=person.full_name,
        dedupe_key=f"{news.event.value}:{news.staff.pk}:{occasion}:{person.pk}",
        now=news.at,
    )


def _page(news: AccountNews, person: Staff) -> str:
    """Their own password's page, or the account as the administration shows it."""
    if person.pk == news.staff.pk:
        return reverse("password_change")
    return reverse("admin:offices_staff_change", args=[news.staff.pk])
