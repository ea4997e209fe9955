from typing import Any

from django.core.management import BaseCommand

from demo.accounts import ACCOUNTS, PASSWORD
from offices.models import Office, Staff


class Command(BaseCommand):
    help = "Mencetak akun peragaan setiap kantor."

    def handle(self, **_: Any) -> None:
        for office in Office.objects.all():
            rows = [
                (account.username(office), account.role.label, account.unit)
                for account in ACCOUNTS
                if Staff.objects.filter(username=account.username(office)).exists()
            ]
            if not rows:
                continue
            self.stdout.write(f"{office.name} (/{office.slug}/), kata sandi setiap akun: {PASSWORD}")
            for username, role, unit in rows:
                self.stdout.write(f"  {username:<28}{role}{f' {unit}' if unit else ''}")
