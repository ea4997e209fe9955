"""The tests' settings: development's, strict and fast, with services and files of their own."""

from config import addresses
from config.settings.dev import *  # noqa: F403
from config.settings.dev import (
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATA_DIR,
    DATABASES,
    EMBEDDED_SERVICES,
    REDIS_URL,
    STORAGES,
)

DATA_DIR = DATA_DIR / "test"
MEDIA_ROOT = DATA_DIR / "uploads"
OUTBOX_DIR = DATA_DIR / "outbox"
if "postgres" in EMBEDDED_SERVICES:
    DATABASES["default"] |= addresses.database(DATA_DIR)
if "valkey" in EMBEDDED_SERVICES:
    REDIS_URL = addresses.redis_url(DATA_DIR)
CELERY_BROKER_URL = addresses.celery_broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": "cso-desk-test:"}

# Threads of a test each open their own connection; a pool's clockwork does not survive a clock that tests move.
DATABASES["default"]["OPTIONS"].pop("pool")

SECRET_KEY = "only-for-tests"  # noqa: S105 - signs nothing of value
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CLAMD_URL = ""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHATSAPP_URL, WHATSAPP_TOKEN = "http://127.0.0.1:9", ""
WHITENOISE_AUTOREFRESH = True  # no collected files are needed
