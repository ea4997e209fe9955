"""What all forms for acts on a ticket have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from offices.models import Category

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.actors import Actor
    from consultations.enums import Act
    from consultations.models import Consultation

LONGEST_TEXT = 10_000
LONGEST_LINE = 160
LONGEST_EMAIL = 254


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(forms.Form):
    """`path` is the act's address under the ticket's, named `url_name`; `done` is said once it is done.

    `done_unsent` is said instead where no message of the act could go to the contact person.
    """

    act: ClassVar[Act]
    url_name: ClassVar[str]
    path: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    button: ClassVar[str]
    done: ClassVar[str]
    done_unsent: ClassVar[str] = ""
    tone: ClassVar[str] = "secondary"
    do_not_call_in_templates: ClassVar[bool] = True  # menus are made of the classes

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.path}_%s"
        self.consultation = consultation

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        """Do it, with the cleaned values; returns the consultation to go on with. Raises RuleError."""
        raise NotImplementedError

    def offer_categories(self, field_name: str) -> None:
        """Let a field choose among the categories the office offers."""
        field = self.fields[field_name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset = Category.objects.filter(office=self.consultation.office_id).offered()
