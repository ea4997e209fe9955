"""The right address for a message that could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from consultations.enums import ContactChannel
from consultations.lifecycle import Contact
from notifications.enums import MessageChannel
from stakeholders.forms import PhoneField
from stakeholders.identity import has_whatsapp

if TYPE_CHECKING:
    from consultations.models import Consultation
    from notifications.models import Message


class AddressForm(forms.Form):
    """An e-mail address or a mobile number, as the message's channel needs."""

    address = forms.EmailField(label="Alamat surel yang benar", max_length=254)

    def __init__(self, *args: Any, letter: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_whatsapp = letter.channel == MessageChannel.WHATSAPP
        if self.by_whatsapp:
            self.fields["address"] = PhoneField(label="Nomor WhatsApp yang benar")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if self.by_whatsapp and not has_whatsapp(address):
            raise ValidationError("Isi nomor ponsel yang memakai WhatsApp.", code="landline")
        return address

    def contact(self, found: Consultation) -> Contact:
        """The contact person with this address in place of the wrong one."""
        address = self.cleaned_data["address"]
        if self.by_whatsapp:
            return Contact(found.contact_name, address, found.contact_email, ContactChannel.WHATSAPP)
        return Contact(found.contact_name, found.contact_phone, address, ContactChannel.EMAIL)
