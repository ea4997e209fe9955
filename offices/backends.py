"""Who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend

from offices.models import Staff

if TYPE_CHECKING:
    from typing import Any


class StaffBackend(ModelBackend):
    """Reads a staff member together with their office, which the frame of every page of theirs names."""

    def get_user(self, user_id: Any) -> Staff | None:
        found = Staff.objects.select_related("office").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
