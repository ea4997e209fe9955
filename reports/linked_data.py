"""What search engines and other services read of an office: schema.org's GovernmentService as JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from offices.models import Office

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def government_service(office: Office) -> dict[str, Any]:
    """The service of consultation as the office gives it, without what the office has not entered."""
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
            {
                "@type": "OpeningHoursSpecification",
                "name": hours.get_service_display(),
                "dayOfWeek": DAYS[hours.weekday],
                "opens": f"{hours.opens_at:%H:%M}",
                "closes": f"{hours.closes_at:%H:%M}",
            }
            for hours in office.service_hours.all()
        ],
    }


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
