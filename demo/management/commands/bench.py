import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.models import Consultation, Timer
from consultations.sweep import sweep
from consultations.tokens import token_of
from demo.accounts import ACCOUNTS
from offices.models import Office, Staff

RUNS = 30
WARM_UP = 5
DUE = 1_000


class Command(BaseCommand):
    help = (
        "Mengukur halaman dan sapuan pada basis data berisi N konsultasi, dan mencetak tabelnya. "
        "Permintaan dijalankan di dalam proses, tanpa jaringan; angka adalah median."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consultations", type=int, default=100_000, metavar="N")

    def handle(self, *, consultations: int, **_: Any) -> None:
        call_command("prepare", verbosity=0, stdout=self.stdout)
        if Staff.objects.exclude(email__endswith=".invalid").exists():
            raise CommandError("Basis data ini berisi pegawai sungguhan. Jalankan pada DATA_DIR tersendiri.")
        self.fill(consultations)
        self.stdout.write(f"{'':<34}{'median ms':>12}{'p95 ms':>10}{'pernyataan SQL':>16}")
        for name, call in self.requests():
            self.measure(name, call)
        self.measure_sweeps()

    def fill(self, wanted: int) -> None:
        missing = wanted - Consultation.objects.count()
        if missing > 0:
            self.stderr.write(f"Mengisi {missing} konsultasi ...")
            call_command("seed_demo", "--consultations", str(missing), stdout=self.stderr)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def requests(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Each page with somebody entitled to it; every call answers 200."""
        office = Office.objects.earliest("pk")
        staff, public = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
        officer = next(account for account in ACCOUNTS if account.name == "cso")
        staff.force_login(Staff.objects.get(username=officer.username(office)))
        consultation = Consultation.objects.filter(office=office).open().latest("received_at")
        listed, form = reverse("consultation_list"), reverse("public_form", args=[office.slug])
        yield "meja kerja", lambda: staff.get(reverse("desk"))
        yield "daftar", lambda: staff.get(listed)
        yield (
            "daftar disaring dan diurutkan",
            lambda: staff.get(listed, {"status": "in_progress", "sort": "latest"}),
        )
        yield "cari, kata jarang", lambda: staff.get(listed, {"q": "mahasiswa registernya"})
        yield "cari, kata umum", lambda: staff.get(listed, {"q": "SPM"})
        yield "konsultasi", lambda: staff.get(consultation.get_absolute_url())
        yield "standar pelayanan", lambda: public.get(office.get_absolute_url())
        yield "formulir publik", lambda: public.get(form)
        yield "pelacakan", lambda: public.get(reverse("track", args=[token_of(consultation)]))

    def measure(self, name: str, call: Callable[[], Any]) -> None:
        with CaptureQueriesContext(connection) as queries:
            response = call()
        statements = len(queries)  # the log is emptied with the next request
        if response.status_code != 200:  # noqa: PLR2004
            raise CommandError(f"{name}: {response.status_code}")
        times = []
        for run in range(WARM_UP + RUNS):
            start = time.perf_counter()
            call()
            if run >= WARM_UP:
                times.append((time.perf_counter() - start) * 1000)
        p95 = statistics.quantiles(times, n=20)[-1]
        self.stdout.write(f"{name:<34}{statistics.median(times):>12.1f}{p95:>10.1f}{statements:>16}")

    def measure_sweeps(self) -> None:
        """What is due is taken back afterwards, so that the next run finds the same."""
        now = timezone.now()
        with transaction.atomic():
            Timer.objects.due(now + timedelta(days=60)).update(sweep_at=now + timedelta(days=60))
            self.report_sweep("sapuan, tidak ada yang jatuh tempo", now)
            due = list(
                Timer.objects.unfired()
                .filter(kind="deadline")
                .order_by("pk")
                .values_list("pk", flat=True)[:DUE]
            )
            Timer.objects.filter(pk__in=due).update(fires_at=now, sweep_at=now)
            self.report_sweep(f"sapuan, {len(due)} jatuh tempo", now)
            transaction.set_rollback(True)

    def report_sweep(self, name: str, now: datetime) -> None:
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            sweep(now)
            spent = (time.perf_counter() - start) * 1000
        self.stdout.write(f"{name:<34}{spent:>12.1f}{'':>10}{len(queries):>16}")
