"""How form fields are written out."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates, Jinja2
from django.template import TemplateDoesNotExist


class Renderer(Jinja2):
    """Django's own widgets in Jinja2, which takes a quarter off a form's page; the admin has its in Django's language only."""

    others = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self.others.get_template(template_name)
