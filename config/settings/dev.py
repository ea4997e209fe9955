"""A desk on one machine: starts with nothing set."""

from config.settings.base import *  # noqa: F403
from config.settings.base import EMAIL_URL, INSTALLED_APPS, SECRET_KEY

SECRET_KEY = SECRET_KEY or "development-only-key-that-production-refuses"
if not EMAIL_URL:
    EMAIL_BACKEND = "notifications.backends.EmlBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
