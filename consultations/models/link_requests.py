"""What somebody asked for who has lost a link."""

from __future__ import annotations

from django.db import models


class LinkRequest(models.Model):
    """A wish for the link to one consultation, or without a `number` to all of a contact's.

    Kept until a worker has looked it up, so that whoever asks waits for the same whether or not there is something to send.
    """

    number = models.CharField(max_length=40, blank=True)
    contact = models.CharField(max_length=254)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"
