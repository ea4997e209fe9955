"""What a staff member may do and how they sign, from the appointments in force; and who heads what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F

from offices.enums import Role
from offices.models import Appointment
from offices.rights import MATRIX, Everybody

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from offices.models import AppointmentQuerySet, Office, Staff, Unit
    from offices.rights import Right


@dataclass(frozen=True, slots=True)
class Duties:
    """The roles a staff member holds in their office at one moment, with the title each act is signed by.

    `office_id` is 0 for somebody without an office: unlike None it matches no row, national ones neither.
    """

    office_id: int = 0
    titles: Mapping[Role, str] = field(default_factory=dict)
    unit_titles: Mapping[int, str] = field(default_factory=dict)
    beyond_roles: frozenset[Everybody] = field(default=frozenset(), compare=False)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.titles)

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        return frozenset(self.unit_titles)

    def may(self, right: Right) -> bool:
        """Whether the matrix gives the right to one of the roles held, or to this person beyond them."""
        return not MATRIX[right].isdisjoint(self.roles | self.beyond_roles)

    def has_role(self, *roles: Role) -> bool:
        """Whether at least one of the roles is held."""
        return any(role in self.titles for role in roles)

    def heads(self, unit_id: int) -> bool:
        return unit_id in self.unit_titles


def duties_of(staff: Staff, now: datetime) -> Duties:
    """The duties of a staff member at a moment, on the local date of their office; one query.

    Inactive staff have none, nor do appointments that are over, not begun, or of an office since left.
    A title held definitively is signed before one held as Plh. or Plt.
    """
    if not staff.is_active:
        return Duties(office_id=staff.office_id or 0)
    beyond = frozenset(Everybody) if staff.is_superuser else frozenset({Everybody.SIGNED_IN})
    if staff.office_id is None:
        return Duties(beyond_roles=beyond)
    titles: dict[Role, str] = {}
    unit_titles: dict[int, str] = {}
    held = Appointment.objects.filter(staff=staff, office=staff.office_id).in_force(now)
    for appointment in held.select_related("unit").order_by("kind", "pk"):
        titles.setdefault(Role(appointment.role), appointment.title)
        if appointment.unit_id is not None:
            unit_titles.setdefault(appointment.unit_id, appointment.title)
    return Duties(staff.office_id, titles, unit_titles, beyond)


def heads_of_unit(unit: Unit, on: date) -> list[Appointment]:
    """Who heads a unit on a local date: the definitive head first, then those standing in; one query."""
    return list(_active_holders(Role.UNIT_HEAD).filter(unit=unit).on(on))


def office_heads(office: Office, on: date) -> list[Appointment]:
    """Who heads an office on a local date: the definitive head first, then those standing in; one query."""
    return list(_active_holders(Role.OFFICE_HEAD).filter(office=office).on(on))


def heads_to_ask(unit: Unit, on: date) -> list[Appointment]:
    """Who answers for a unit on a local date: its heads, or the office's while nobody is appointed to it."""
    return heads_of_unit(unit, on) or office_heads(unit.office, on)


def heads_by_unit(office_ids: Iterable[int], now: datetime) -> dict[int, list[Appointment]]:
    """Each unit's heads at a moment, by unit id, for many offices in one query; units without a head are absent."""
    heads: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in _active_holders(Role.UNIT_HEAD).filter(office__in=office_ids).in_force(now):
        if appointment.unit_id is not None:
            heads[appointment.unit_id].append(appointment)
    return dict(heads)


def holders_by_office(office_ids: Iterable[int], role: Role, now: datetime) -> dict[int, list[Appointment]]:
    """Who holds a role at a moment, by office id, for many offices in one query."""
    holders: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in _active_holders(role).filter(office__in=office_ids).in_force(now):
        holders[appointment.office_id].append(appointment)
    return dict(holders)


def _active_holders(role: Role) -> AppointmentQuerySet:
    """Of the office's own people: an appointment of an office since left counts no more."""
    held = Appointment.objects.filter(role=role, staff__is_active=True, staff__office=F("office"))
    return held.select_related("staff", "unit").order_by("kind", "pk")
