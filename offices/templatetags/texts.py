from django import template

register = template.Library()


@register.filter
def points(text: str) -> list[str]:
    """The points of a text that holds one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
