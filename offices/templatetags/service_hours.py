from django import template
from django.utils import timezone

from offices.models import Office
from offices.service_hours import hours_in_words

register = template.Library()


@register.simple_tag
def office_hours(office: Office) -> list[str]:
    """The office's service hours as they are now."""
    return hours_in_words(office, office.local_date(timezone.now()))
