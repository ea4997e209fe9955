"""What the harness refuses: undefined variables in the desk's templates, and pages the CSP would break."""

import inspect
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Node
from django.test import Client

from config.wsgi import in_utf8

DATA_BLOCKS = ("application/json", "application/ld+json")  # no browser runs these


class UndefinedVariable:
    """A `string_if_invalid` that fails the test if the template is the desk's own; packages may do as they like."""

    def __contains__(self, key):
        return key == "%s"

    def __mod__(self, variable):
        origin = rendering_template()
        if Path(origin).is_relative_to(settings.BASE_DIR / "templates"):
            pytest.fail(f"{origin} uses the undefined variable {variable}")
        return ""


def rendering_template():
    frame = inspect.currentframe()
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and hasattr(node, "origin"):
            return node.origin.name
        frame = frame.f_back
    return ""


class InlineCode(HTMLParser):
    """Collects the tags that a Content-Security-Policy without 'unsafe-inline' makes useless."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if (
            tag == "style"
            or (tag == "script" and "src" not in values and values.get("type") not in DATA_BLOCKS)
            or any(name == "style" or name.startswith("on") for name in values)
            or any(
                (value or "").strip().lower().startswith("javascript:")
                for name, value in attrs
                if name != "value"  # what somebody typed into a field
            )
        ):
            self.found.append(self.get_starttag_text())


class StrictClient(Client):
    """Refuses inline scripts, handlers and styles in every page it gets."""

    def request(self, **request):
        response = super().request(**in_utf8(request))
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not request["PATH_INFO"].startswith("/admin/"):
            parser = InlineCode()
            parser.feed(response.content.decode())
            assert not parser.found, f"{request['PATH_INFO']} has inline code: {parser.found}"
        return response
