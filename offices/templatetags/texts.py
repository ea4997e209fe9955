from django import template

from offices.corrections import Point, lines_of, points_of

register = template.Library()
register.filter("points", lines_of)


@register.filter
def noted(text: str, corrections: str) -> list[Point]:
    """The points of a text, each with the numbers of its corrections."""
    return points_of(text, corrections)
