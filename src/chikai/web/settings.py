"""Django's settings: one file, safe by default, everything variable read through `config`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from csp.constants import NONE, SELF

from chikai.web import config

if TYPE_CHECKING:
    from chikai.home import Home

HERE: Final = Path(__file__).resolve().parent
CONFIG: Final = config.read()
HOME: Final = cast("Home", config.Live(CONFIG.home))

DEBUG = CONFIG.debug
SECRET_KEY = HOME.key("sessions").hex()
ALLOWED_HOSTS = CONFIG.hosts
config.close(CONFIG.database)
DATABASES = {"default": CONFIG.database}
# The pool tells each failed try in the driver's own words; the command that needed it says so once.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"psycopg.pool": {"level": "CRITICAL"}},
}
AUTH_USER_MODEL = "chikai.Staff"
ROOT_URLCONF = "chikai.web.urls"
WSGI_APPLICATION = "chikai.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "chikai.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it adds random padding, so lengths tell nothing
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chikai.web.middleware.Frame",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "chikai.web.frame.frame",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# No inline script or style, no outside origin, no framing. Chromium applies form-action to redirects too.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
# Behind a reverse proxy that speaks TLS, `web.address` says so; cookies then never travel in the clear.
ADDRESS: Final = str(HOME.web.get("address", "")).rstrip("/")
SECURE: Final = ADDRESS.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
CSRF_TRUSTED_ORIGINS = [ADDRESS] if SECURE else []
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "chikai.web.errors.csrf"
LOGIN_URL = "sign-in"
# Shared by the worker processes: a limit on tries must count once, not once a process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}

EMAIL_BACKEND = "chikai.web.mail.Backend"
DEFAULT_FROM_EMAIL = str(HOME.mail.get("sender", "chikai@localhost"))

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chikai.web.static_files.Versioned"},
}
WHITENOISE_USE_FINDERS = True  # files are served from the wheel: no collecting step to forget
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 30  # addresses carry a digest of the content
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["chikai.web.sign_in.StaffBackend"]
