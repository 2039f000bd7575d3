"""Configuration, from the environment alone.

PEAKEND_DATA      the directory of everything that is kept (default ./var)
PEAKEND_DATABASE  empty for SQLite in that directory, or postgresql://user@host/name
PEAKEND_SECRET    the installation's secret (default: the file `secret` in the data directory, made at the first start)
PEAKEND_HOSTS     the host names it answers to, separated by commas (default: this machine only)
PEAKEND_ADDRESS   where customers reach it, for example https://feedback.example.org: links and printed codes carry it
                  (default: what was said at set-up); its host is one of PEAKEND_HOSTS by itself
PEAKEND_HTTPS     1 where it is reached through HTTPS
PEAKEND_PROXIES   the networks of the proxies before it, separated by commas, whose X-Forwarded-For is believed
                  (default: none; with PEAKEND_HTTPS this machine and private networks, where a proxy stands)
PEAKEND_MAIL      the mail server, smtp://user:password@host:587?from=feedback@example.org, or smtps:// (default: none;
                  then no e-mail is sent)
PEAKEND_INSIDE_HOSTS  hosts of the house that gateways and webhooks may lead to, by commas, with the port where it is
                  not 443, for example sms.local:8080 (default: none; else only public addresses, by HTTPS)
PEAKEND_WORKER    0 where `peakend manage work` runs the jobs in a process of its own
PEAKEND_MEMORY    what DuckDB may take to read the copy and to sort it, before it writes to the disk (default 1GB)
PEAKEND_SUMS_MB   megabytes that the sums of the copy's chunks may take in memory (default 256)
PEAKEND_CROWD     new responses in five minutes at one place, or from one neighbourhood of the network, beyond which
                  answers are kept in quarantine (default 600)
PEAKEND_FILES_MB  megabytes that the photos of one workspace may take on the disk (default 4096)
PEAKEND_INGEST_WAITING  deliveries that may wait for the disk before others are told “busy” (default 512)
PEAKEND_CHECK_S   seconds between two looks at every byte of a copy (default 3600)
PEAKEND_DEBUG     1 for developers
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from peakend_web.base import languages
from peakend_web.base.mail_server import mail_server

HERE = Path(__file__).parent
MINUTE = 60


def _sqlite(path: Path) -> dict[str, Any]:
    """SQLite as a record that survives a power cut: a write-ahead log, synced at every commit.

    Transactions begin as writers: one that begins as a reader and then writes fails at once, instead of waiting, where
    another has written meanwhile.
    """
    begin = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; "
        "PRAGMA secure_delete=ON;"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": begin},
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"peakend-test-{os.getpid()}.sqlite3")},
    }


def _postgres(address: str) -> dict[str, Any]:
    """PostgreSQL by any address that its own tools understand."""
    found = conninfo_to_dict(address)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    named = {ours: str(found.pop(theirs, "")) for theirs, ours in known.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": found,
        "CONN_MAX_AGE": 10 * MINUTE,
        "CONN_HEALTH_CHECKS": True,
    }


def database(address: str, data: Path) -> dict[str, Any]:
    """The database at an address; without one, the file in the data directory."""
    return _postgres(address) if address else _sqlite(data / "peakend.sqlite3")


def _secret(data: Path) -> str:
    """The installation's secret; before the first start has made one, a secret that lasts as long as this process."""
    kept = data / "secret"
    return os.environ.get("PEAKEND_SECRET") or (
        kept.read_text(encoding="ascii").strip() if kept.exists() else secrets.token_urlsafe(48)
    )


PEAKEND_DATA = Path(os.environ.get("PEAKEND_DATA") or "var").resolve()
PEAKEND_WORKER = os.environ.get("PEAKEND_WORKER", "1") == "1"
PEAKEND_MAIL = mail_server(os.environ.get("PEAKEND_MAIL", ""))
PEAKEND_INSIDE_HOSTS = [
    each.strip().lower() for each in os.environ.get("PEAKEND_INSIDE_HOSTS", "").split(",") if each.strip()
]
PEAKEND_MEMORY = os.environ.get("PEAKEND_MEMORY", "1GB")
PEAKEND_SUMS_MB = int(os.environ.get("PEAKEND_SUMS_MB", "256"))
PEAKEND_FILES_MB = int(os.environ.get("PEAKEND_FILES_MB", "4096"))
# About two of the writer's groups: nobody waits long before they are told “busy”.
PEAKEND_CROWD = int(os.environ.get("PEAKEND_CROWD", "600"))
PEAKEND_INGEST_WAITING = int(os.environ.get("PEAKEND_INGEST_WAITING", "512"))
PEAKEND_CHECK_S = float(os.environ.get("PEAKEND_CHECK_S", "3600"))
SECRET_KEY = _secret(PEAKEND_DATA)
DEBUG = os.environ.get("PEAKEND_DEBUG") == "1"
HTTPS = os.environ.get("PEAKEND_HTTPS") == "1"
PRIVATE_NETWORKS = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
PROXIES = [each.strip() for each in os.environ.get("PEAKEND_PROXIES", "").split(",") if each.strip()] or (
    PRIVATE_NETWORKS if HTTPS else []
)
NAMED_HOSTS = [host.strip() for host in os.environ.get("PEAKEND_HOSTS", "").split(",") if host.strip()]
PEAKEND_ADDRESS = os.environ.get("PEAKEND_ADDRESS", "").strip().rstrip("/")
if PEAKEND_ADDRESS:
    NAMED_HOSTS.append(urlsplit(PEAKEND_ADDRESS).hostname or "")
ALLOWED_HOSTS = [*NAMED_HOSTS, "127.0.0.1", "localhost", "[::1]"]

DATABASES = {"default": database(os.environ.get("PEAKEND_DATABASE", ""), PEAKEND_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "peakend_web",
]

MIDDLEWARE = [
    "peakend_web.base.middleware.headers",
    "peakend_web.base.middleware.clock",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "peakend_web.base.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "peakend_web.base.middleware.Bodies",
    "peakend_web.store.middleware.ReadAgain",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "peakend_web.base.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "peakend_web.urls"
WSGI_APPLICATION = "peakend_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peakend_web.templatetags.context.page",
            ],
        },
    },
]

# Signing in. Guessing is slowed (`people.attempts`, and by e-mail and address together by axes), and nobody can lock
# another person out of it.
AUTH_USER_MODEL = "peakend_web.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["peakend_web.people.password_hashes.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "peakend_web.base.error_pages.lockout_page"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "email"
AXES_SENSITIVE_PARAMETERS: list[str] = ["password", "code"]
AXES_WHITELIST_CALLABLE = "peakend_web.people.sign_in_attempts.is_known"
AXES_CLIENT_IP_CALLABLE = "peakend_web.base.middleware.client_address"
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "peakend_session"
SESSION_COOKIE_AGE = 14 * 24 * 60 * MINUTE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "peakend_web.base.error_pages.forgery_page"
CSRF_COOKIE_NAME = "peakend_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in NAMED_HOSTS] if HTTPS else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # as the front holds it: a photo as it was sent never lies on the disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGES = [(languages.CODES[lang], name) for lang, name in languages.NAMES.items()]
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "peakend_language"
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PEAKEND_DATA / "static"
STATICFILES_DIRS = [PEAKEND_DATA / "generated"]  # the chart library: `peakend_web.running.static_files` makes it
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]  # that folder is there once it has run
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = PEAKEND_DATA / "files"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "form copies": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "form copies",
        "TIMEOUT": 30 * MINUTE,
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "peakend_web.base.logs.WithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "filters": {
        "one_line": {"()": "peakend_web.base.logs.OneLine"},
        "one_line_of_outage": {"()": "peakend_web.base.logs.OneLineOfOutage"},
    },
    "loggers": {
        "django.security.DisallowedHost": {"filters": ["one_line"]},
        "django.request": {"filters": ["one_line_of_outage"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
