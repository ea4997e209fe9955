from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from consultations.models import Consultation
from demo.accounts import create_accounts
from demo.answers import publish_answers
from demo.bulk import pour
from demo.day import play
from demo.queue import play_queue
from demo.surveys import judge
from offices.models import Office


class Command(BaseCommand):
    help = (
        "Mengisi akun dan dua minggu konsultasi peragaan pada setiap kantor yang masih kosong. "
        "Dengan --consultations N menambahkan N konsultasi sekaligus untuk uji beban."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consultations", type=int, default=0, metavar="N")
        parser.add_argument(
            "--open", type=int, default=10, metavar="PERSEN", help="berapa persen yang masih terbuka"
        )

    def handle(self, *, consultations: int, open: int, **_: Any) -> None:  # noqa: A002 - the option's name
        offices = list(Office.objects.all())
        if not offices:
            raise CommandError("Belum ada kantor. Jalankan dahulu: manage.py load_offices")
        now = timezone.now()
        call_command("load_satker", verbosity=0, stdout=self.stdout)
        for office in offices:
            create_accounts(office)
        if consultations:
            pour(offices, consultations, open_share=open / 100, now=now)
            self.stdout.write(f"{consultations} konsultasi ditambahkan.")
            return
        empty = [office for office in offices if not Consultation.objects.filter(office=office).exists()]
        with transaction.atomic():
            count = play(empty, now) if empty else 0
            numbers = sum(play_queue(office, now) for office in offices)
            for office in empty:
                publish_answers(office, now)
                judge(office, now)
        self.stdout.write(f"{count} konsultasi peragaan." if empty else "Peragaan sudah terisi.")
        self.stdout.write(f"{numbers} nomor antrean peragaan hari ini.")
