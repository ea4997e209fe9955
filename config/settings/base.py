"""Settings every environment shares. The environment is read here and nowhere else."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import bootstrap_wrapper
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import addresses

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
environ.Env.read_env(BASE_DIR / ".env")


def given(name: str) -> str:
    """A value of the environment or of the file that NAME_FILE names (which often ends with a newline); "" if neither."""
    return str(env(name, default="")).strip()


DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
SECRET_KEY = given("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
GUARDED = False  # whether web, worker and beat refuse to start with an unsafe setting or a demo account
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many of our own proxies stand in front and add to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
QUESTIONS_PER_OFFICE = env.int(
    "QUESTIONS_PER_OFFICE", default=150
)  # an hour; more of them wait for an officer
HOST = env("HOST", default="127.0.0.1")
PORT = env("PORT", default="8000")
WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=4)
WEB_CONNECTIONS_PER_ADDRESS = env.int("WEB_CONNECTIONS_PER_ADDRESS", default=200)  # per process
WEB_STREAMS = env.int("WEB_STREAMS", default=400)  # open boards and phones per process
WEB_STREAMS_PER_ADDRESS = env.int("WEB_STREAMS_PER_ADDRESS", default=40)
HEALTH_TOKEN = given("HEALTH_TOKEN")  # opens /healthz/detail and /metrics to programs; "" opens neither
SITE_URL = env("SITE_URL", default=f"http://localhost:{PORT}")
FORCE_SCRIPT_NAME = (
    ""  # the desk is served at the root: a client that names another beginning changes no link
)

INSTALLED_APPS = [
    "offices.admin_config.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.DeskConfig",
    "whitenoise.runserver_nostatic",
    "config.apps.StaticConfig",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "lucide",
    "throttle",
    "offices",
    "stakeholders",
    "regulations",
    "notifications",
    "consultations",
    "escalations",
    "frontdesk",
    "answers",
    "surveys",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.logs.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "offices.http.OwnPasswordMiddleware",
    "offices.http.DutiesMiddleware",
    "offices.http.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.bodies.BodyLimitMiddleware",
    "throttle.once.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.widgets.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "offices.navigation.desk",
                "notifications.bell.bell",
                "config.health.clock",
            ],
        },
    },
]

DATABASE_URL = given("DATABASE_URL")
REDIS_URL = given("REDIS_URL")
# What manage.py, the supervisor and the tests start because nobody gave an address.
EMBEDDED_SERVICES = [name for name, url in (("postgres", DATABASE_URL), ("valkey", REDIS_URL)) if not url]

DATABASES = {"default": env.db_url_config(DATABASE_URL) if DATABASE_URL else addresses.database(DATA_DIR)}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    # PostgreSQL's own spelling ("10s"); "0" is no limit. Web and worker are given one each, commands take their time.
    "options": f"-c statement_timeout={env('STATEMENT_TIMEOUT', default='0')} -c lock_timeout={env('LOCK_TIMEOUT', default='0')}",
    "pool": {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", default=4),
        "timeout": 10,
        # Its pauses between attempts double: given longer, it would sleep on while PostgreSQL is back.
        "reconnect_timeout": 5,
    },
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = REDIS_URL or addresses.redis_url(DATA_DIR)
CELERY_BROKER_URL = addresses.celery_broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env("REDIS_PREFIX", default="cso-desk:"),
    "socket_connect_timeout": 2,
    "socket_timeout": 3,
    # A publisher does not wait for a broker that is down: the sweeps find what it could not say.
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Which worker runs a task (config/celery.py); whatever is not named here runs by the clock.
CELERY_TASK_DEFAULT_QUEUE = "clock"
CELERY_TASK_ROUTES = {
    "notifications.tasks.deliver_messages": {"queue": "delivery"},
    "consultations.tasks.answer_link_requests": {"queue": "delivery"},
    "consultations.tasks.scan_files": {"queue": "files"},
    "consultations.tasks.forget_*": {"queue": "files"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# Every task that runs by the clock: what, when, and the seconds after which a late start gives way to the next one.
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30)
DELIVERY_SECONDS = env.int("DELIVERY_SECONDS", default=15)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    task: {"task": task, "schedule": schedule, "options": {"expires": expires}}
    for task, schedule, expires in (
        ("consultations.tasks.sweep_timers", SWEEP_SECONDS, SWEEP_SECONDS * 0.9),
        ("consultations.tasks.recount_deadlines", 60, 54),
        ("consultations.tasks.scan_files", 60, 54),
        ("consultations.tasks.answer_link_requests", DELIVERY_SECONDS, DELIVERY_SECONDS * 0.9),
        ("consultations.tasks.forget_rejected_submissions", crontab(minute="35"), 50 * 60),
        ("consultations.tasks.forget_spent_proofs", crontab(minute="25"), 50 * 60),
        ("consultations.tasks.forget_orphaned_files", crontab(hour="19", minute="30"), 60 * 60),
        ("answers.tasks.remind_reviews", crontab(minute="10"), 50 * 60),
        ("escalations.tasks.send_morning_digests", 5 * 60, 4.5 * 60),
        ("frontdesk.tasks.send_reminders", 5 * 60, 4.5 * 60),
        ("frontdesk.tasks.close_past_days", crontab(minute="5"), 50 * 60),
        ("frontdesk.tasks.end_forgotten_sessions", 5 * 60, 4.5 * 60),
        ("notifications.tasks.deliver_messages", DELIVERY_SECONDS, DELIVERY_SECONDS * 0.9),
        ("notifications.tasks.forget_read_notices", crontab(minute="40"), 50 * 60),
        ("offices.tasks.forget_expired_sessions", crontab(minute="50"), 50 * 60),
        ("offices.tasks.sync_holidays", crontab(hour="18", minute="0"), 60 * 60),
        ("throttle.tasks.forget_expired", crontab(minute="20"), 50 * 60),
    )
}

AUTH_USER_MODEL = "offices.Staff"
AUTHENTICATION_BACKENDS = ["offices.backends.StaffBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "offices.passwords.DigitsAloneValidator"},
    {"NAME": "offices.passwords.KnownWordsValidator"},
]
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Makassar"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap/css", bootstrap_wrapper.get_bootstrap_css_dir()),
    ("bootstrap/js", bootstrap_wrapper.get_bootstrap_js_dir()),
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# ClamAV's daemon, tcp://host:3310 or unix:///run/clamav/clamd.ctl; with "" files are handed out unscanned.
CLAMD_URL = env("CLAMD_URL", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LARGEST_BODY_BYTES = 30_000_000  # five files of the largest size, and the form around them
FILE_UPLOAD_PERMISSIONS = 0o600

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

EMAIL_URL = given("EMAIL_URL")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
OUTBOX_DIR = DATA_DIR / "outbox"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Layanan Konsultasi KPPN <cso@localhost>")

# Meta's Cloud API; each office has its sender's number id, all share the token and the approved template.
WHATSAPP_URL = env("WHATSAPP_URL", default="https://graph.facebook.com/v23.0").rstrip("/")
WHATSAPP_TOKEN = given("WHATSAPP_TOKEN")
WHATSAPP_TEMPLATE = env("WHATSAPP_TEMPLATE", default="kabar_konsultasi")

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    # 503 is an answer of the health page, not a request that failed.
    "filters": {
        "requests": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE,
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
            "filters": ["requests"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # Handlers of their own would print twice or in another form, and send mail about every error.
    "loggers": {
        name: {"handlers": [], "level": "NOTSET", "propagate": True}
        for name in ("django", "django.server", "gunicorn.error")
    },
}
