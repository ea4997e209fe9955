import logging
from itertools import chain
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection

from consultations.models import Consultation
from demo import board_bench
from demo.figures.clock import clock_figures
from demo.figures.figure import HEADINGS, row
from demo.figures.pages import page_figures
from demo.figures.post import post_figures
from demo.figures.web import WEB_HEADINGS, web_figures
from offices.models import Staff


class Command(BaseCommand):
    help = (
        "Mengukur halaman, sapuan, dan kotak keluar pada basis data berisi N konsultasi terbuka, dan mencetak tabelnya. "
        "Halaman diminta di dalam proses, tanpa jaringan; waktu adalah median. Halaman publik dan papan antrean diminta pula "
        "melalui proses web sungguhan."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consultations", type=int, default=100_000, metavar="N")

    def handle(self, *, consultations: int, **_: Any) -> None:
        call_command("prepare", verbosity=0, stdout=self.stdout)
        if Staff.objects.exclude(email__endswith=".invalid").exists():
            raise CommandError("Basis data ini berisi pegawai sungguhan. Jalankan pada DATA_DIR tersendiri.")
        self.fill(consultations)
        logging.disable(logging.INFO)
        self.stdout.write(row(*HEADINGS))
        for figure in chain(page_figures(), clock_figures(), post_figures()):
            self.stdout.write(row(figure.name, figure.median, figure.rate, figure.statements, figure.aim))
        self.stdout.write(row(*WEB_HEADINGS))
        for line in web_figures():
            self.stdout.write(row(*line))
        board_bench.report(self.stdout.write)

    def fill(self, wanted: int) -> None:
        missing = wanted - Consultation.objects.open().count()
        if missing > 0:
            self.stderr.write(f"Mengisi {missing} konsultasi terbuka ...")
            call_command("seed_demo", consultations=missing, open=100, stdout=self.stderr)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
