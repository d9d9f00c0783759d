"""One file, environment-driven. What must be set in production, and what happens when it isn't: docs in README."""

import base64
import os
import sys
from datetime import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


def _from_state():
    """What `make demo` wrote for this clone, so that `manage.py` finds the same servers. The environment wins."""
    pointer = BASE_DIR / "var" / "state-dir"
    folder = os.environ.get("EXIT_STATE_DIR") or (pointer.read_text().strip() if pointer.is_file() else "")
    try:
        lines = (Path(folder) / "env").read_text().splitlines() if folder else []
    except OSError:
        lines = []
    return dict(line.split("=", 1) for line in lines if "=" in line)


_env = {**_from_state(), **os.environ}


def env(name, default=None):
    value = _env.get(name, default)
    if value is None:
        sys.exit(f"{name} saknas. Kör `make demo`, eller sätt variabeln (README, Inställningar).")
    return value


def database(url):
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"prepare_threshold": 0},  # of those statements alone that ask for it: tenancy.planned
    }


EXIT_ENV = env("EXIT_ENV", "production")
EXIT_PROCESS = env("EXIT_PROCESS", "web")
DEBUG = env("EXIT_DEBUG", "") == "1"
SECRET_KEY = env("EXIT_SECRET_KEY")
SECRET_KEY_FALLBACKS = env("EXIT_SECRET_KEY_BEFORE", "").split()  # links in mail live on through an exchange
# 32 bytes; the first signs who acts (tenancy.acting), and the database takes each: two while one is exchanged.
CONTEXT_KEYS = [bytes.fromhex(key) for key in env("EXIT_CONTEXT_KEY").split()]
CONTEXT_KEY = CONTEXT_KEYS[0]
DATA_KEYS = {
    int(version): base64.b64decode(key)
    for version, key in (pair.split(":", 1) for pair in env("EXIT_DATA_KEYS").split())
}
ALLOWED_HOSTS = env("EXIT_ALLOWED_HOSTS", "").split()
BASE_URL = env("EXIT_BASE_URL", "http://127.0.0.1")
STATE_DIR = Path(env("EXIT_STATE_DIR", str(BASE_DIR / "var")))

OWNER_DATABASE = database(env("EXIT_OWNER_DATABASE_URL", "")) if env("EXIT_OWNER_DATABASE_URL", "") else None
BACKUP_DATABASE = database(env("EXIT_BACKUP_DATABASE_URL", "")) if env("EXIT_BACKUP_DATABASE_URL", "") else None
FIGURES_DATABASE = database(env("EXIT_FIGURES_DATABASE_URL", "")) if env("EXIT_FIGURES_DATABASE_URL", "") else None
_DATABASE_OF = {"web": "EXIT_DATABASE_URL", "worker": "EXIT_WORKER_DATABASE_URL", "owner": "EXIT_OWNER_DATABASE_URL"}
DATABASES = {"default": database(env(_DATABASE_OF[EXIT_PROCESS]))}
DATABASE_POOLER = env("EXIT_DATABASE_POOLER", "") == "1"  # a transaction pooler stands in between
if not DATABASE_POOLER:  # what is planned once is not planned anew for each coordinator with many cases
    DATABASES["default"]["OPTIONS"]["options"] = "-c plan_cache_mode=force_generic_plan"
if EXIT_PROCESS == "web" and env("EXIT_DATABASE_POOL", "") == "1":  # set for gunicorn; Celery closes pools per task
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 6, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "exitprogram.tenancy.apps.TenancyConfig",
    "exitprogram.audit.apps.AuditConfig",
    "exitprogram.tokens.apps.TokensConfig",
    "exitprogram.crypto.apps.CryptoConfig",
    "exitprogram.pulse.apps.PulseConfig",
    "exitprogram.backup.apps.BackupConfig",
    "exitprogram.jobs.apps.JobsConfig",
    "exitprogram.page.apps.PageConfig",
    "exitprogram.demo.apps.DemoConfig",
    "cases.apps.CasesConfig",
    "teams.apps.TeamsConfig",
    "children.apps.ChildrenConfig",
    "plans.apps.PlansConfig",
    "reporting.apps.ReportingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "guardian",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    # What says something of every answer stands outside what may answer by itself: redirect to TLS, static file, 400.
    "exitprogram.tenancy.middleware.HeadersMiddleware",
    "exitprogram.pulse.middleware.CountedMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "exitprogram.tenancy.middleware.SizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",  # refuses another host's name before a session is looked for
    "exitprogram.tenancy.sessions.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "exitprogram.tenancy.middleware.PauseMiddleware",
    "exitprogram.tenancy.middleware.StrongMiddleware",
    "exitprogram.tenancy.middleware.ActingMiddleware",
]

ROOT_URLCONF = "exitprogram.urls"
WSGI_APPLICATION = "exitprogram.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "exitprogram.tenancy.context.around",
            ],
            "builtins": [
                "exitprogram.page.templatetags.links",
                "exitprogram.page.templatetags.page",
                "exitprogram.tenancy.templatetags.once",
            ],  # fmt: skip
            "string_if_invalid": env("EXIT_STRING_IF_INVALID", ""),
        },
    }
]
FORM_RENDERER = "exitprogram.page.forms.PageRenderer"

# Sign-in
AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "exitprogram.tenancy.throttle.Pause",
    "exitprogram.tenancy.herself.Herself",
    "exitprogram.tenancy.throttle.Wrong",
]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's backend cannot see the last day of a grant: it stays out
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
PASSWORD_HASHERS = [
    "exitprogram.tenancy.hashing.PepperedArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",  # of earlier days, made anew at the next sign-in
]
if EXIT_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "tenancy:sign_in"
LOGIN_REDIRECT_URL = "/"
STRONG_SIGN_IN = env("EXIT_STRONG_SIGN_IN", "1") == "1"  # whoever has only a password gets to choose something more
CODES_BESIDE = 10 if EXIT_ENV == "demo" else 1  # steps of 30 seconds; in the demo many try the same account at a time
PROXY_COUNT = int(env("EXIT_PROXY_COUNT", "0"))  # proxies of our own in front; their addresses are not the client's

SECURE = BASE_URL.startswith("https://")
SESSION_ENGINE = "exitprogram.tenancy.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 15 * 60  # seconds of idleness; every request renews it, for 8 hours (tenancy.sessions)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # not in a cookie: names lie in browsers
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"  # no-referrer breaks the CSRF check over TLS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],  # exitprogram/static/exitprogram/js/trusted.js
    }
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "svenska")]
USE_I18N = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "exitprogram" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EXIT_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EXIT_ENV == "test"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # it would tell every site that it may read them
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

# Uploaded papers: looked at in memory, asked about at the scanner, sealed into a folder that no web server shows.
FILES_DIR = STATE_DIR / "files"
LARGEST_FILE = int(env("EXIT_LARGEST_FILE_MB", "25")) * 1_000_000
FILE_UPLOAD_HANDLERS = ["exitprogram.page.uploads.InMemoryOnly"]
CLAMD_URL = env("EXIT_CLAMD_URL", "")  # tcp://host:port or unix:///path

# Mail: one neutral sender. file:///folder writes each message to a file (demo); smtp://, smtp+tls:// or
# smtps://user:password@host:port sends it.
_mail = urlsplit(env("EXIT_MAIL_URL", "smtp://127.0.0.1:25"))
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if _mail.scheme == 'file' else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = unquote(_mail.path) if _mail.scheme == "file" else None
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EXIT_MAIL_FROM", "Planering <planering@localhost>")

# Celery: a doorbell. Payloads are ids, JSON, late acknowledgement; the truth is rows in PostgreSQL.
SWEEP_SECONDS = float(env("EXIT_SWEEP_SECONDS", "60"))
LEASE_SECONDS = float(env("EXIT_LEASE_SECONDS", "300"))  # how long a silent worker keeps what it has claimed
CELERY_BROKER_URL = env("EXIT_BROKER_URL")  # redis://, rediss://, or sentinel://a:26379;sentinel://b:26379
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_timeout": 10, "health_check_interval": 10}
if CELERY_BROKER_URL.startswith("sentinel"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "master_name": env("EXIT_BROKER_MASTER", "exitprogram"),
        "sentinel_kwargs": {"password": unquote(urlsplit(CELERY_BROKER_URL.split(";")[0]).password or "")},
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# Long work is done as exit_app, in its asker's name: by a worker of its own, on a queue of its own.
CELERY_TASK_ROUTES = {
    "exitprogram.jobs.tasks.*": {"queue": "jobs"}, "reporting.tasks.*": {"queue": "jobs"},
    "exitprogram.tokens.tasks.*": {"queue": "jobs"}, "exitprogram.tenancy.tasks.*": {"queue": "jobs"},
    "cases.tasks.end_lapsed_exports": {"queue": "jobs"},
}  # fmt: skip
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that is away for a day is waited for
CELERY_BEAT_SCHEDULE = {
    "jobs": {"task": "exitprogram.jobs.tasks.run_waiting_jobs", "schedule": SWEEP_SECONDS},
    "reconciliation": {"task": "cases.tasks.reconcile_notices", "schedule": 120.0},
    "notices": {"task": "cases.tasks.send_due_notices", "schedule": SWEEP_SECONDS},
    "exports": {"task": "cases.tasks.end_lapsed_exports", "schedule": SWEEP_SECONDS},
    "entrance": {"task": "exitprogram.tenancy.tasks.tend_entrance", "schedule": SWEEP_SECONDS},
    "figures": {"task": "reporting.tasks.publish_closed_periods", "schedule": 3600.0},
    "quarantine": {"task": "cases.tasks.scan_quarantined", "schedule": SWEEP_SECONDS},
    "anchors": {"task": "exitprogram.audit.tasks.anchor_heads", "schedule": 300.0},
    "old calls": {"task": "exitprogram.tokens.tasks.forget_calls", "schedule": 3600.0},
}

# Upkeep that must never stand still: the longest age of its latest round, in seconds (exitprogram/pulse).
ROUNDS = {"notices": 300, "reconciliation": 480, "quarantine": 600, "anchors": 900}
BACKUP_RECIPIENT = env("EXIT_BACKUP_RECIPIENT", "")  # public; the private key is kept where no backup is
if BACKUP_RECIPIENT:
    ROUNDS["backup"] = 26 * 3600
# Where the log's heads are written down outside the database, and the key that signs them (exitprogram/audit).
ANCHOR_KEY = env("EXIT_ANCHOR_KEY", "")  # 32 bytes in base64
ANCHOR_DIR = Path(env("EXIT_ANCHOR_DIR", str(STATE_DIR / "anchors")))
# When the one mail of the morning goes, in Sweden on working days; "at_once": each thing as it comes.
_morning = env("EXIT_MORNING_MAIL", "07:30")
MORNING_MAIL = None if _morning == "at_once" else time.fromisoformat(_morning)
LATE_SECONDS = float(env("EXIT_LATE_SECONDS", "1800"))  # a notice unsent for longer than this is a fault
WATCH_KEY = env("EXIT_WATCH_KEY", "")
ALIVE_URL = env("EXIT_ALIVE_URL", "")
GAUGES = [
    "SELECT name, value FROM wall.notice_gauges()", "SELECT name, value FROM wall.job_gauges()",
    "SELECT name, value FROM wall.log_gauges()",
]  # fmt: skip

# The API: its door is exitprogram/tokens/door.py; this only names what describes it.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", "UNAUTHENTICATED_USER": None}

# Tables that hold nobody's case: the privileges of the web and the worker role. Every other table is walled or closed.
_READ = {"exit_app": "SELECT", "exit_worker": "SELECT"}
_APP = {"exit_app": "SELECT, INSERT, UPDATE, DELETE"}
PLAIN_TABLES = {
    "tenancy_policeregion": _READ,
    "tenancy_region": _READ,
    "tenancy_municipality": _READ,
    "tenancy_authority": _READ,
    "tenancy_authority_municipalities": _READ,
    "tenancy_user": {"exit_app": "SELECT, INSERT, UPDATE", "exit_worker": "SELECT (id, email, is_active)"},
    # Ways to prove oneself: only one's own rows, by policies of their own (tenancy/sql/factors.sql).
    "tenancy_passkey": _APP,
    "tenancy_codeapp": _APP,
    "tenancy_recoverycode": _APP,
    # Published figures, with policies of their own (reporting/sql/after): safe for all, shown to those whose they are.
    "reporting_publication": {"exit_app": "SELECT", "exit_figures": "SELECT, INSERT"},
    "reporting_publishedcell": {"exit_app": "SELECT", "exit_figures": "SELECT, INSERT"},
    "reporting_keptcosts": {"exit_app": "SELECT", "exit_figures": "SELECT, INSERT"},
    "pulse_round": {"exit_app": "SELECT", "exit_worker": "SELECT, INSERT, UPDATE"},
    "tenancy_browsersession": _APP,
    "tenancy_wrongguess": {"exit_app": "SELECT, INSERT, DELETE"},
    "tenancy_linkrequest": _APP,
    # With policies of their own (tenancy/sql/entrance.sql). Providers are written by a command on the server alone.
    "tenancy_identityprovider": {"exit_app": "SELECT"},
    "tenancy_identitylink": {"exit_app": "SELECT, INSERT, DELETE"},
    "django_content_type": _READ,
    "auth_permission": _READ,
    "django_migrations": _READ,
}

# The main navigation: label, view, the permission that shows it, and what else is asked of the membership. The first
# one that shows is the role's start page.
NAVIGATION = [
    ("Min dag", "plans:my_day", "read_case"),
    ("Personer", "cases:list", "read_case"),
    ("Barn: inkommet", "children:reception", "read_case", "cases.access.is_child_worker"),
    ("Möten", "plans:meetings", "read_case"),
    ("Beslut", "teams:decisions", "read_case"),
    ("Enheten", "teams:unit", "unit_overview"),
    ("Regionen", "reporting:region", "region_overview"),
    ("Mina bidrag", "plans:contributions", "contribute"),
    ("Uppföljning", "reporting:figures", "region_overview"),
    ("Mottaget", "cases:received", "receive"),
    ("Läget", "teams:overview", "administer"),
    ("Personal", "tenancy:people", "administer"),
    ("Samverkan", "teams:agreements", "administer"),
    ("Delegationsordning", "teams:scheme", "administer"),
    ("Nämndlistor", "teams:board", "board_lists"),
    ("Uppföljning", "reporting:figures", "board_lists"),
    ("Anslutningar", "tokens:connections", "administer"),
    ("Insatskatalog", "plans:catalogue", "administer"),
    ("Gallring", "cases:retention", "dispose"),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "exitprogram.tenancy.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fido2": {"level": "WARNING"},  # it would write down whose passkey
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
    },
}
