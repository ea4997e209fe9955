"""What floors above can hear of the outbox."""

from django.dispatch import Signal

# Heard in the transaction of the delivery, whatever a receiver does: `message`, and the moment `now`.
failed = Signal()  # it failed for good
left_late = Signal()  # it left after having failed for good, or on a later local date than it was written
