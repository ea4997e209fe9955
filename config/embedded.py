"""The PostgreSQL and Valkey that come with the project, for a machine that has neither."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from urllib.parse import quote


def socket_dir(data_dir: Path) -> Path:
    """A short path for the sockets: a Unix socket's path may have 107 bytes at most."""
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"cso-desk-{digest}"


def database_url(data_dir: Path) -> str:
    return f"postgres://postgres@{quote(str(socket_dir(data_dir)), safe='')}/cso_desk"


def redis_url(data_dir: Path) -> str:
    return f"unix://{socket_dir(data_dir)}/valkey.sock?db=0"


def celery_broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis address."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return redis_url
