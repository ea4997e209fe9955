"""What floors above can hear of the outbox."""

from django.dispatch import Signal

failed = Signal()  # `message` failed for good at `now`; heard in the transaction that says so
