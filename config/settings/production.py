"""Production: refuses to start with anything unsafe, and has no default for a secret or an address."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import DEBUG, HEALTH_TOKEN, LOGGING, SECRET_KEY, given

REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")

if missing := [name for name in REQUIRED if not given(name)]:
    raise ImproperlyConfigured(
        f"Belum diatur: {', '.join(missing)}. Atur sebagai variabel lingkungan, atau sebagai NAMA_FILE berisi nama berkas."
    )
if DEBUG:
    raise ImproperlyConfigured("DEBUG tidak boleh menyala di produksi. Hapus variabel DEBUG.")
if SECRET_KEY.startswith("development-only") or len(SECRET_KEY) < 50:  # noqa: PLR2004 - as Django's own check
    raise ImproperlyConfigured(
        "SECRET_KEY harus rahasia, acak, dan sedikitnya 50 karakter. Contoh pembuatan: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )

if HEALTH_TOKEN and len(HEALTH_TOKEN) < 32:  # noqa: PLR2004 - out of reach of guessing
    raise ImproperlyConfigured("HEALTH_TOKEN harus acak dan sedikitnya 32 karakter, atau kosong.")

GUARDED = True
LOGGING = {**LOGGING, "formatters": {"line": {"()": "config.logs.JsonFormatter"}}}
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
