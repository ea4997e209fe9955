from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from throttle.once import FIELD, page_number

register = template.Library()


@register.simple_tag
def once(*state: object) -> SafeString:
    """The number of a form that records something; pages that show the same state carry the same one."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, page_number(*state))
