"""Public answers to look at: what satker ask every KPPN, in this project's own words; no official advice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answers import services
from answers.forms import REVIEW_AFTER
from offices.models import Staff
from regulations.models import Regulation

if TYPE_CHECKING:
    from datetime import datetime

    from offices.models import Office

ANSWERS = Path(__file__).parent / "data" / "answers.json"
PUBLISHED_DAYS_AGO = 30


def publish_answers(office: Office, now: datetime) -> int:
    """Publish the demo's answers at an office, as its officer did over the past weeks; returns how many."""
    officer = Staff.objects.get(username=f"cso.{office.slug}")
    rows: list[dict[str, Any]] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for turn, row in enumerate(rows):
        published_at = now - timedelta(
            days=row.get("terbit_hari_lalu", PUBLISHED_DAYS_AGO - turn), minutes=turn * 7
        )
        _publish(office, row, officer, published_at, now)
    return len(rows)


def _publish(
    office: Office, row: dict[str, Any], officer: Staff, published_at: datetime, now: datetime
) -> None:
    first, today = office.local_date(published_at), office.local_date(now)
    review = timedelta(days=row["tinjau_dalam_hari"]) if "tinjau_dalam_hari" in row else REVIEW_AFTER
    cited = [
        regulation
        for kind, number in row["peraturan"]
        for regulation in Regulation.objects.filter(kind=kind, number=number).defer("search")[:1]
    ]
    content = services.Content(
        category=office.categories.get(code=row["kategori"]),
        question=row["pertanyaan"],
        summary=row["singkat"],
        answer=row["jawaban"],
        regulations=cited,
        valid_from=first,
        valid_until=first + timedelta(days=row["berlaku_hari"]) if "berlaku_hari" in row else None,
        review_on=today + review,
    )
    services.publish(office, content, by=officer, now=published_at)
