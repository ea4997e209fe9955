"""The secret key of a desk that was given none: random, and known to its data folder alone."""

from __future__ import annotations

import fcntl
import os
import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from pathlib import Path

BYTES = 50


def own_key(data_dir: Path) -> str:
    """The key in the data folder, made by whoever asks first; raises ImproperlyConfigured where it cannot be kept."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data_dir / "secret-key", os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not (key := file.read()):
                key = secrets.token_urlsafe(BYTES)
                file.write(key)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Folder data {data_dir} tidak dapat ditulis ({error.strerror}). Atur DATA_DIR ke folder yang dapat ditulis."
        ) from error
    return key
