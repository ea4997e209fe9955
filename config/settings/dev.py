"""A desk on one machine: starts with nothing set."""

from config.settings.base import *  # noqa: F403
from config.settings.base import SECRET_KEY

SECRET_KEY = SECRET_KEY or "development-only-key-that-production-refuses"
