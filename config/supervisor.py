"""`make run`: the services, web, worker and beat of one desk, started together and stopped together."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import http.client
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import addresses, embedded
from config.terminal import Refused, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import FrameType

# Celery warns a worker of root about pickled messages; this one reads JSON only.
AS_ROOT = ["-W", "ignore:You're running the worker"]
PROCESSES: dict[str, tuple[list[str], dict[str, str]]] = {
    "web": (
        ["-m", "gunicorn", "--config", "python:config.gunicorn"],
        {"STATEMENT_TIMEOUT": "10s", "LOCK_TIMEOUT": "5s"},
    ),
    "worker": ([*AS_ROOT, "-m", "config.workers"], {"STATEMENT_TIMEOUT": "60s"}),
    "beat": (["-m", "celery", "--quiet", "--app", "config.celery", "beat"], {}),
}
STOP_SECONDS = 8
LONGEST_PAUSE_SECONDS = 5
FORGIVEN_AFTER_SECONDS = 60
HEALTHY_WITHIN = timedelta(seconds=30)
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Run the desk until a signal ends it (0), or something prevents that or ends it early (1)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup leaves it
        signal.signal(signal.SIGHUP, interrupt)
    try:
        run()
    except KeyboardInterrupt:
        say("Semua proses sudah berhenti.")
        return 0
    except (Refused, ImproperlyConfigured) as refusal:
        say(str(refusal))
    return 1


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Unwind as Ctrl-C does."""
    raise KeyboardInterrupt


def run() -> None:
    with only_run() as record:
        leftovers = end_leftovers(record)
        write_record(record, [])
        refuse_taken_port(patience=3 if leftovers else 0)
        refuse_other_machines()
        with embedded.running(settings.DATA_DIR, settings.EMBEDDED_SERVICES):
            logins = prepare()
            children = {name: spawn(*PROCESSES[name]) for name in PROCESSES}
            restarts: defaultdict[str, Restarts] = defaultdict(Restarts)
            try:
                write_record(record, children.values())
                wait_until_healthy(children, restarts)
                announce(logins)
                while True:
                    revive_services(restarts)
                    replace_ended(children, restarts, record)
                    time.sleep(0.5)
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)  # one is enough
                stop(children.values())


@contextmanager
def only_run() -> Iterator[IO[str]]:
    """Hold the run record: what a second run on the same data is told, and what the next run has to clean up."""
    with embedded.lock_file(settings.DATA_DIR, "run.json") as record:
        try:
            fcntl.flock(record, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = read_record(record)
            raise Refused(
                f"Desk ini sudah berjalan dengan data di {settings.DATA_DIR}: {other.get('site')}, pid {other.get('pid')}. "
                "Hentikan dahulu, atau pilih DATA_DIR dan PORT lain."
            ) from None
        yield record


def read_record(record: IO[str]) -> dict[str, Any]:
    record.seek(0)
    with suppress(json.JSONDecodeError):
        return dict(json.loads(record.read()))
    return {}


def write_record(record: IO[str], children: Iterable[subprocess.Popen[str]]) -> None:
    """A process is named by its number and its time of birth: numbers alone are used again."""
    births = [(child.pid, psutil.Process(child.pid).create_time()) for child in children]
    record.seek(0)
    record.truncate()
    json.dump({"site": settings.SITE_URL, "pid": os.getpid(), "processes": births}, record)
    record.flush()


def end_leftovers(record: IO[str]) -> bool:
    """End what a run that was killed has left behind; True if there was anything."""
    leftovers = []
    for pid, born in read_record(record).get("processes", []):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.create_time() == born:
                leftovers.append(process)
    for process in leftovers:
        embedded.end(process, signal.SIGTERM, STOP_SECONDS)
    return bool(leftovers)


def refuse_taken_port(patience: float) -> None:
    """Raise Refused unless the port can be had within `patience` seconds."""
    if not (settings.PORT.isdecimal() and 0 < int(settings.PORT) < 2**16):
        raise Refused(f"PORT harus angka 1 sampai 65535, bukan {settings.PORT!r}. Contoh: make run PORT=8001")
    if not embedded.within(patience, port_is_free):
        raise Refused(
            f"Port {settings.PORT} dipakai program lain{port_holder()}. Hentikan program itu, atau pilih port lain: "
            f"make run PORT={int(settings.PORT) % 65535 + 1}"
        )


def refuse_other_machines() -> None:
    """The passwords of the demo accounts are printed in public."""
    if not addresses.is_of_this_machine_alone(settings.HOST):
        raise Refused(
            f"HOST={settings.HOST} membuka desk bagi komputer lain, padahal make run memuat akun peragaan yang kata "
            "sandinya diketahui umum. Pakai HOST=127.0.0.1, atau pasang desk untuk jaringan menurut README, bagian Production."
        )


def port_is_free() -> bool:
    with socket.socket(addresses.family(settings.HOST)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, int(settings.PORT)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Refused(
                f"Alamat {settings.HOST} port {settings.PORT} tidak dapat dipakai ({error.strerror}). "
                "Pilih HOST atau PORT lain; port di bawah 1024 hanya untuk root."
            ) from error
    return True


def port_holder() -> str:
    """The number of the process that listens on the port, where the system tells."""
    with suppress(psutil.AccessDenied):
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr[1:] == (int(settings.PORT),) and found.pid:
                return f" (pid {found.pid})"
    return ""


def spawn(
    arguments: list[str], environment: Mapping[str, str], stdout: int | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the desk's own programs
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"LOG_LEVEL": "WARNING", **os.environ, **environment, "DATA_DIR": str(settings.DATA_DIR)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        text=True,
        start_new_session=True,  # Ctrl-C reaches the supervisor only
        preexec_fn=end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
    )


def end_with_parent() -> None:
    """Have Linux end this process when the one that started it dies without a chance to."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def prepare() -> str:
    """Bring database and files up to date; the demo logins as text for the terminal."""
    child = spawn(["manage.py", "prepare", "--demo"], {}, stdout=subprocess.PIPE)
    try:
        logins, _ = child.communicate()
    finally:
        stop([child])
    if child.returncode != 0:
        raise Refused(
            "Persiapan gagal, sebabnya tercetak di atas. Setelah diperbaiki, jalankan lagi make run."
        )
    return logins


def wait_until_healthy(
    children: Mapping[str, subprocess.Popen[str]], restarts: Mapping[str, Restarts]
) -> None:
    """Raise Refused when a process ends instead of starting; a part that is merely slow is named and left to try."""
    started_at = datetime.now(UTC)
    while not is_healthy(since=started_at):
        revive_services(restarts)
        for name, child in children.items():
            if child.poll() is not None:
                raise Refused(
                    f"Proses {name} berhenti sendiri (kode {child.returncode}), sebabnya tercetak di atas."
                )
        if datetime.now(UTC) - started_at > HEALTHY_WITHIN:
            say(f"Ada bagian yang belum bekerja; {settings.SITE_URL}/healthz menyebutkannya.")
            return
        time.sleep(0.2)


@dataclass
class Restarts:
    """How often one part was started again, and when last (monotonic seconds).

    The first time at once; a part that ends again and again waits longer each time.
    """

    count: int = 0
    last_at: float = -math.inf

    def is_time(self) -> bool:
        """Whether to start it now; if so, that counts."""
        idle = time.monotonic() - self.last_at
        if idle > FORGIVEN_AFTER_SECONDS:
            self.count = 0
        if self.count and idle < min(2 ** (self.count - 1), LONGEST_PAUSE_SECONDS):
            return False
        self.count += 1
        self.last_at = time.monotonic()
        return True


def revive_services(restarts: Mapping[str, Restarts]) -> None:
    """Start again what PostgreSQL or Valkey of the desk's own has ended; what cannot be started yet is tried later."""
    ended = embedded.ended(settings.DATA_DIR, settings.EMBEDDED_SERVICES)
    for name in ended:
        if restarts[name].is_time():
            try:
                embedded.revive(settings.DATA_DIR, [name])
            except Refused as refusal:
                say(str(refusal))


def replace_ended(
    children: dict[str, subprocess.Popen[str]], restarts: Mapping[str, Restarts], record: IO[str]
) -> None:
    """Start again what ended by itself."""
    for name, child in children.items():
        if child.poll() is not None and restarts[name].is_time():
            say(f"Proses {name} berhenti sendiri (kode {child.returncode}), dimulai lagi.")
            stop([child])
            children[name] = spawn(*PROCESSES[name])
            write_record(record, children.values())


def is_healthy(since: datetime) -> bool:
    """Whether every part works, and beat and worker have shown so since an aware moment."""
    connection = http.client.HTTPConnection(settings.HOST, int(settings.PORT), timeout=5)
    with suppress(OSError, http.client.HTTPException), closing(connection):
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        response = connection.getresponse()
        if response.status == http.HTTPStatus.OK:
            return datetime.fromisoformat(json.load(response)["swept_at"]) > since
    return False


def announce(logins: str) -> None:
    site = settings.SITE_URL
    say(
        f"\nDesk siap dipakai:\n"
        f"  Halaman publik   {site}/\n"
        f"  Lacak konsultasi {site}/lacak/\n"
        f"  Masuk pegawai    {site}/masuk/\n"
        f"  Surel keluar     {settings.OUTBOX_DIR}\n\n"
        f"{logins}\n"
        f"Tekan Ctrl-C untuk berhenti."
    )


def stop(children: Iterable[subprocess.Popen[str]]) -> None:
    """Ask every process to end, and end whole groups that have not ended within STOP_SECONDS."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    embedded.within(STOP_SECONDS, lambda: all(child.poll() is not None for child in children))
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
