"""The worker: a process for each queue, so that what hangs in one holds up no other.

They are forks of one process that has loaded the desk, and share what they can of its memory. Each runs one task at a time in
its only process ("solo"); Celery keeps time limits by a pool of further processes, which would double the memory, so here
the kernel's alarm keeps them.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from celery import signals
from celery.exceptions import SoftTimeLimitExceeded

from config.celery import QUEUES, app
from config.supervisor import end_with_parent

if TYPE_CHECKING:
    from types import FrameType

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1
# What every worker would load for itself.
SHARED = ("celery.apps.worker", "celery.bin.celery", "celery.worker.consumer", "kombu.transport.redis")


def main() -> None:
    """Keep a worker for each queue until a signal asks to stop; their running tasks are then finished."""
    app.loader.import_default_modules()
    for module in SHARED:
        import_module(module)
    from config.checks import refuse_unsafe  # noqa: PLC0415 - the application is loaded by now

    refuse_unsafe()
    gc.collect()
    gc.freeze()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    workers = {start(queue): queue for queue in QUEUES}
    try:
        while True:
            ended, status = os.wait()
            if queue := workers.pop(ended, None):
                logger.error("The worker of %s ended (%s) and is started again.", queue, status)
                time.sleep(PAUSE_SECONDS)
                workers[start(queue)] = queue
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for worker in workers:
            os.kill(worker, signal.SIGTERM)
        for worker in workers:
            os.waitpid(worker, 0)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit()


def start(queue: str) -> int:
    """Fork the worker of a queue; returns its process number."""
    worker = os.fork()
    if worker:
        return worker
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        end_with_parent()
        keep_limits(*QUEUES[queue])
        app.worker_main(arguments(queue))
    finally:
        os._exit(1)


def arguments(queue: str) -> list[str]:
    """What `celery` is told."""
    options = {"queues": queue, "hostname": f"{queue}-{os.getpid()}@%h", "pool": "solo", "concurrency": 1}
    switches = ("--without-gossip", "--without-mingle")
    return ["--quiet", "worker", *switches, *(f"--{name}={value}" for name, value in options.items())]


def keep_limits(soft: int, hard: int) -> None:
    """Interrupt each task of this process after `soft` seconds with SoftTimeLimitExceeded, and end both after `hard`."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(hard - soft)
        raise SoftTimeLimitExceeded

    def begin(**_: Any) -> None:
        signal.signal(signal.SIGALRM, interrupt)
        signal.alarm(soft)

    def end(**_: Any) -> None:
        signal.alarm(0)

    signals.task_prerun.connect(begin, weak=False)
    signals.task_postrun.connect(end, weak=False)


if __name__ == "__main__":
    main()
