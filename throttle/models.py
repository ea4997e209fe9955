"""How often something was tried lately, kept in the database so that every process counts the same."""

from django.db import models


class Bucket(models.Model):
    """The tries of one key in its current window. The key is a keyed hash: no name or address is stored."""

    key = models.CharField(max_length=64, primary_key=True)
    window_ends_at = models.DateTimeField()
    hits = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(fields=("window_ends_at",), name="bucket_window_end"),)

    def __str__(self) -> str:
        return f"{self.hits} s.d. {self.window_ends_at}"


class SentForm(models.Model):
    """A form of the desk that was recorded, by the digest of what was sent, and the page it led to."""

    key = models.UUIDField(primary_key=True)
    sent_at = models.DateTimeField()
    leads_to = models.CharField(max_length=500)

    class Meta:
        indexes = (models.Index(fields=("sent_at",), name="sent_form_sent"),)

    def __str__(self) -> str:
        return f"{self.sent_at}: {self.leads_to}"
