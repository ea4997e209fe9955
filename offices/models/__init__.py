"""Offices, their units and people, the service standard they promise, and the days they work."""

from offices.models.heartbeat import Heartbeat
from offices.models.office import Office, Unit
from offices.models.people import Appointment, AppointmentQuerySet, Staff
from offices.models.standard import Category, ServiceStandard
from offices.models.workdays import Holiday, ServiceHours, SpecialHours, SpecialInterval

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Category",
    "Heartbeat",
    "Holiday",
    "Office",
    "ServiceHours",
    "ServiceStandard",
    "SpecialHours",
    "SpecialInterval",
    "Staff",
    "Unit",
]
