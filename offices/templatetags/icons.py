"""lucide's tag with a memory: an icon is drawn once for each size and look, not at every use.

The library copies and writes out the icon's tree each time, which was an eighth of a long page's time.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, *, size: int | None = 24, **attributes: str) -> str:
    return draw(name, size=size, **attributes)
