"""What search engines and other services read of an office: schema.org's GovernmentService as JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from offices.calendars import weeks_of
from offices.enums import ServiceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from offices.calendar import Hours
    from offices.calendars import Period
    from offices.models import Office

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def government_service(office: Office, today: date) -> dict[str, Any]:
    """The service of consultation as the office gives it, without what the office has not entered; one query."""
    page = settings.SITE_URL + office.get_absolute_url()
    provider = {
        "@type": "GovernmentOffice",
        "name": office.full_name,
        "url": office.website,
        "telephone": office.phone,
        "email": office.email,
        "address": _without_blanks(
            {
                "@type": "PostalAddress",
                "streetAddress": office.address,
                "postalCode": office.postal_code,
                "addressCountry": "ID",
            }
        ),
        "parentOrganization": {"@type": "GovernmentOrganization", "name": office.kanwil},
    }
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": page,
        "name": "Layanan Konsultasi Stakeholder",
        "url": page,
        "provider": _without_blanks(provider),
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "IDR"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "name": "Konsultasi online",
            "serviceUrl": settings.SITE_URL + reverse("public_form", args=[office.slug]),
            "availableLanguage": "id",
        },
        "hoursAvailable": [
            hours
            for period, week in weeks_of([office])[office.pk].items()
            if period.ends_on is None or period.ends_on >= today
            for hours in _opening_hours(period, week)
        ],
    }


def _opening_hours(period: Period, week: Mapping[int, Hours]) -> Iterator[dict[str, str]]:
    """One specification an interval; a service closed for a while opens and closes at midnight, as schema.org has it."""
    shared = {"@type": "OpeningHoursSpecification", "name": ServiceKind(period.service).label}
    if period.starts_on and period.ends_on:
        shared |= {"validFrom": period.starts_on.isoformat(), "validThrough": period.ends_on.isoformat()}
    if not week:
        yield shared | {"opens": "00:00", "closes": "00:00"}
    for weekday, hours in week.items():
        for opens, closes in hours:
            yield shared | {
                "dayOfWeek": DAYS[weekday],
                "opens": f"{opens:%H:%M}",
                "closes": f"{closes:%H:%M}",
            }


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
