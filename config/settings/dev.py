"""A desk on one machine: starts with nothing set."""

from config.secret import own_key
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, EMAIL_URL, INSTALLED_APPS, SECRET_KEY

SECRET_KEY = SECRET_KEY or own_key(DATA_DIR)
if not EMAIL_URL:
    EMAIL_BACKEND = "notifications.backends.EmlBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
