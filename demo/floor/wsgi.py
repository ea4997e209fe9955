"""The desk's settings with these two addresses only, and no middleware."""

from django.core.wsgi import get_wsgi_application
from django.test import override_settings

override_settings(ROOT_URLCONF="demo.floor.urls", MIDDLEWARE=[]).enable()
application = get_wsgi_application()
