"""The closed lists of the ground floor."""

from django.db import models


class TimeZone(models.TextChoices):
    """Indonesia's three time zones."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class UnitKind(models.TextChoices):
    SEKSI = "seksi", "Seksi"
    SUBBAGIAN = "subbagian", "Subbagian"


class Role(models.TextChoices):
    """What a staff member does in an office; each role's rights are a column of the architecture's table."""

    RECEPTIONIST = "receptionist", "Resepsionis"
    CSO = "cso", "Petugas CSO"
    UNIT_HEAD = "unit_head", "Kepala unit"
    OFFICE_HEAD = "office_head", "Kepala KPPN"
    OFFICE_ADMIN = "office_admin", "Administrator kantor"


class AppointmentKind(models.TextChoices):
    """How a role is held: definitively, or by somebody standing in (Plh., daily; Plt., until a new head)."""

    DEFINITIF = "definitif", "Definitif"
    PLH = "plh", "Plh."
    PLT = "plt", "Plt."


class HolidayKind(models.TextChoices):
    NATIONAL = "libur_nasional", "Libur nasional"
    COLLECTIVE_LEAVE = "cuti_bersama", "Cuti bersama"
    LOCAL = "libur_lokal", "Libur lokal"
    CLOSED = "kantor_tutup", "Kantor tutup"
    EXTRA_WORKING_DAY = "hari_kerja_khusus", "Hari kerja khusus"


class ServiceKind(models.TextChoices):
    """Services with a queue and services without one have hours of their own."""

    QUEUE = "tatap_muka", "Layanan tatap muka"
    ONLINE = "online", "Layanan online"


class Weekday(models.IntegerChoices):
    """Python's numbering, Monday first."""

    MONDAY = 0, "Senin"
    TUESDAY = 1, "Selasa"
    WEDNESDAY = 2, "Rabu"
    THURSDAY = 3, "Kamis"
    FRIDAY = 4, "Jumat"
    SATURDAY = 5, "Sabtu"
    SUNDAY = 6, "Minggu"
