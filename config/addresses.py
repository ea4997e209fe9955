"""Where PostgreSQL and Valkey are found when the environment names no other."""

from __future__ import annotations

import hashlib
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Any

DATABASE_NAME = "cso_desk"


def socket_dir(data_dir: Path) -> Path:
    """A private folder for the sockets: short, since a Unix socket's path may have 107 bytes at most.

    It does not follow TMPDIR, so that two shells of one user meet the same servers.
    """
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path("/tmp") / f"cso-desk-{digest}"  # noqa: S108 - embedded.py refuses a folder of anybody else


def is_of_this_machine_alone(host: str) -> bool:
    """Whether nobody on another machine reaches what listens at a host; raises OSError when nothing can listen there."""
    with socket.socket(family(host)) as probe:
        probe.bind((host, 0))
        return ip_address(probe.getsockname()[0]).is_loopback


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def database(data_dir: Path) -> dict[str, Any]:
    """Django's description of the embedded database."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": "postgres",
        "HOST": str(socket_dir(data_dir)),
        "PORT": "5432",
    }


def redis_url(data_dir: Path) -> str:
    return f"unix://{socket_dir(data_dir)}/valkey.sock?db=0"


def celery_broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis address."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return redis_url
