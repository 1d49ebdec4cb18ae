"""The one settings file; everything that differs between two sites is an environment variable."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from ultrasound_portal import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where it runs ----------------------------------------------------------------------------------------
PORTAL_DATA = env.data_folder()
PORTAL_BIND = env.text("PORTAL_BIND", "127.0.0.1")
PORTAL_PORT = env.number("PORTAL_PORT", 8000, 1, 65535)
PORTAL_HTTPS = env.flag("PORTAL_HTTPS", False)
PORTAL_PROXIES = env.networks("PORTAL_PROXIES")
DEMO = env.flag("DEMO", False)
DEBUG = env.flag("DEBUG", False)
PORTAL_HOSTS = [host.strip() for host in env.text("PORTAL_HOSTS", "").split(",") if host.strip()]
# this machine's own names stay, since health is asked from beside the portal
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *PORTAL_HOSTS]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PORTAL_HOSTS] if PORTAL_HTTPS else []

SECRET_KEY_FILE = PORTAL_DATA / "keys" / "secret.key"


def _secret_key() -> str:
    """Return the configured key, the kept one, or one that lives as long as this process (check W001)."""
    if configured := env.secret("SECRET_KEY", ""):
        return configured
    if SECRET_KEY_FILE.exists():
        return SECRET_KEY_FILE.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(64)


SECRET_KEY = _secret_key()

# --- what is in it ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ultrasound_portal.clinics",  # before auth, whose createsuperuser it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",  # allauth.mfa stands on it; none of its pages is served and its tables stay empty
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "ultrasound_portal",
    "ultrasound_portal.vault",
    "ultrasound_portal.audit",
    "ultrasound_portal.jobs",
    "ultrasound_portal.patients",
    "ultrasound_portal.handbook",
    "deid",
    "consent",
    "sharing",
]
MIDDLEWARE = [
    "ultrasound_portal.proxies.VisitorAddress",
    "django.middleware.security.SecurityMiddleware",
    "ultrasound_portal.headers.PrivacyHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ultrasound_portal.languages.PatientLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ultrasound_portal.errors.FailClosed",
]
ROOT_URLCONF = "ultrasound_portal.urls"
WSGI_APPLICATION = "ultrasound_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "ultrasound_portal.clinics.context.desk",
            ],
        },
    },
]

# --- database ---------------------------------------------------------------------------------------------
SQLITE_START = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  # what a sender was told is stored survives a power cut
    "PRAGMA secure_delete=ON;"  # a destroyed data key must not linger in a free page
)


def _database() -> dict[str, Any]:
    """SQLite in the data folder, or what DATABASE_URL says."""
    url = env.secret("DATABASE_URL", "") or f"sqlite:///{PORTAL_DATA / 'portal.sqlite3'}"
    config: dict[str, Any] = {**dj_database_url.parse(url)}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_START}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        # a database that falls silent is a fault within seconds, not after the quarter of an hour that TCP takes
        silence = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
        config["OPTIONS"] = {**silence, "tcp_user_timeout": 15_000, **config.get("OPTIONS", {})}
    return config


DATABASES = {"default": _database()}

# --- people and sessions ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "clinics.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "clinics:sign_in"
LOGIN_REDIRECT_URL = "clinics:home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
MFA_ADAPTER = "ultrasound_portal.clinics.second_factor_keeping.Keeping"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors only where its holder is asked too
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1
# wrong tries are counted by user with address and, ten times as patiently, by address; never for ever
AXES_HANDLER = "ultrasound_portal.clinics.throttle_keeping.Keeping"
AXES_USERNAME_CALLABLE = "ultrasound_portal.clinics.throttle_keeping.who"
AXES_CLIENT_STR_CALLABLE = "ultrasound_portal.clinics.throttle_keeping.visitor"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 5
TRIES_AT_AN_ADDRESS_WEIGH = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PORTAL_LOCK = timedelta(minutes=env.number("PORTAL_LOCK_MINUTES", 15, 1, 60))
SESSION_COOKIE_AGE = 10 * 3600  # as sign_ins.LONGEST
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
# a browser takes the __Host- prefix only over https, with path / and without a domain
SESSION_COOKIE_NAME = "__Host-session" if PORTAL_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PORTAL_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL_HTTPS
CSRF_FAILURE_VIEW = "ultrasound_portal.errors.forbidden"

# --- patients' pages ---------------------------------------------------------------------------------------
LEAVE_TO = env.text("PORTAL_LEAVE_TO", "")  # where the button "Leave" goes on to; a page of its own where empty

# --- headers ----------------------------------------------------------------------------------------------
# nothing leaves the portal; "no-referrer" would send `Origin: null` with forms, which the CSRF check refuses
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # ultrasound_portal.headers denies framing, static files included
    "axes.W002",  # its middleware would put its own page in the place of ours, which keeps what a person typed
]
SECURE_HSTS_SECONDS = 63_072_000 if PORTAL_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PORTAL_HTTPS
SECURE_SSL_REDIRECT = PORTAL_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PORTAL_HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("PORTAL_STATIC", str(PORTAL_DATA / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "ultrasound_portal.static_files.HashedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
UPLOAD_LIMIT = env.number("UPLOAD_LIMIT_MIB", 512, 1, 16_384) * 1024 * 1024
DELIVERY_LIMIT = env.number("DELIVERY_LIMIT_MIB", 8_192, 1, 65_536) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["deid.ingest.memory.MemoryUploadHandler"]
LOGO_PAINTER = "deid.services.logos.repainted"
DATA_UPLOAD_MAX_NUMBER_FILES = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields; files are counted against UPLOAD_LIMIT

# --- links ------------------------------------------------------------------------------------------------
CLOSED_DOOR_BEAT = 0.5  # seconds; well over what one look at a link takes

# --- messages ---------------------------------------------------------------------------------------------
MAIL_SENDERS = {"off": "", "files": "sharing.senders.files.FileSender", "smtp": "sharing.senders.mail.MailSender"}
SMS_SENDERS = {"off": "", "files": MAIL_SENDERS["files"], "gateway": "sharing.senders.gateway.GatewaySender"}
UNLESS_CHOSEN = "files" if DEMO else "off"
PORTAL_EMAIL = env.choice("PORTAL_EMAIL", UNLESS_CHOSEN, frozenset(MAIL_SENDERS))
MAIL_BACKENDS = {"off": "dummy", "files": "filebased", "smtp": "smtp"}
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL_BACKENDS[PORTAL_EMAIL]}.EmailBackend"
EMAIL_FILE_PATH = PORTAL_DATA / "outbox"
MESSAGE_SENDERS = {
    "email": MAIL_SENDERS[PORTAL_EMAIL],
    "sms": SMS_SENDERS[env.choice("PORTAL_SMS", UNLESS_CHOSEN, frozenset(SMS_SENDERS))],
}
EMAIL_HOST = env.text("PORTAL_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("PORTAL_SMTP_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("PORTAL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.secret("PORTAL_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("PORTAL_SMTP_STARTTLS", True)
EMAIL_TIMEOUT = 5  # seconds; a message's row is locked while it is handed over
DEFAULT_FROM_EMAIL = env.text("PORTAL_SMTP_FROM", "no-reply@localhost")
SMS_GATEWAY_URL = env.text("PORTAL_SMS_URL", "")
SMS_GATEWAY_TOKEN = env.secret("PORTAL_SMS_TOKEN", "")
SMS_GATEWAY_FROM = env.text("PORTAL_SMS_FROM", "")

# --- background work --------------------------------------------------------------------------------------
JOB_TASKS = {
    "process_instance": "deid.tasks.process_instance",
    "make_renders": "deid.tasks.make_renders",
    "send_message": "sharing.send_message",
    "send_reset": "clinics.send_reset",
}
CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "ultrasound_portal.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(PORTAL_DATA / "broker"), "polling_interval": 0.2}
else:
    # the stock cadence brings a killed worker's tasks back after 100 s; these do after the timeout
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        # a broker that hangs must not hold an upload; a worker's own question ends after one second
        "socket_connect_timeout": 3.0,
        "socket_timeout": 5.0,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000  # KiB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# the portal's own upkeep does not wait behind a long queue of pictures
CELERY_TASK_ROUTES = {
    "jobs.*": {"queue": "upkeep"},
    "clinics.*": {"queue": "upkeep"},
    "consent.*": {"queue": "upkeep"},
    "sharing.*": {"queue": "upkeep"},
    "deid.ingest.*": {"queue": "upkeep"},
    "deid.tasks.keep_to_the_rules": {"queue": "upkeep"},
}
CELERY_IMPORTS = ("deid.ingest.upkeep",)
CELERY_BEAT_SCHEDULER = "ultrasound_portal.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
    "heartbeat": {"task": "jobs.heartbeat", "schedule": 15.0, "options": {"expires": 15.0}},
    "tend deliveries": {"task": "deid.ingest.tend_deliveries", "schedule": 60.0, "options": {"expires": 60.0}},
    "follow the trail": {"task": "jobs.follow_the_trail", "schedule": 60.0, "options": {"expires": 60.0}},
    "collect orphans": {
        "task": "jobs.collect_orphans",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600.0},
    },
    "look after consents": {
        "task": "consent.look_after",
        "schedule": 15 * 60.0,
        "options": {"expires": 15 * 60.0},
    },
    "keep to the rules": {
        "task": "deid.tasks.keep_to_the_rules",
        "schedule": 3600.0,
        "options": {"expires": 1800.0},
    },
    "clear sessions": {
        "task": "clinics.clear_sessions",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600.0},
    },
}

# --- language, time, log ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "ultrasound_portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("PORTAL_TIME_ZONE", "UTC")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_request": {"()": "ultrasound_portal.logs.RequestLineFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_request"]},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "INFO", frozenset({"DEBUG", "INFO", "WARNING"})),
    },
    "loggers": {"django.server": {"handlers": [], "propagate": False}, "axes": {"level": "WARNING"}},
}
