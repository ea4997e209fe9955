import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# Inside a script element these could end it or open a comment; in JSON they may as well be written as their codes.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@register.filter
def linked_data_script(data: dict[str, Any]) -> SafeString:
    """A data block of JSON-LD; browsers run none of it, so the Content-Security-Policy lets it stand in the page."""
    text = json.dumps(data, ensure_ascii=True).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
