"""What Celery beat asks for."""

from celery import shared_task
from django.utils import timezone

from consultations import held, link_requests, orphans, proof, scanning
from consultations.held_clock import sweep_held
from consultations.recount import follow_calendars
from consultations.sweep import sweep


@shared_task
def sweep_timers() -> int:
    now = timezone.now()
    return sweep(now) + sweep_held(now)


@shared_task
def recount_deadlines() -> int:
    return follow_calendars(timezone.now())


@shared_task
def answer_link_requests() -> int:
    return link_requests.answer_requests()


@shared_task
def scan_files() -> int:
    return scanning.scan_files(timezone.now())


@shared_task
def forget_rejected_submissions() -> int:
    now = timezone.now()
    return held.forget_rejected(now) + held.forget_unexamined_files(now)


@shared_task
def forget_spent_proofs() -> int:
    return proof.forget_spent(timezone.now())


@shared_task
def forget_orphaned_files() -> int:
    return orphans.forget_orphans(timezone.now())
