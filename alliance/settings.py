"""Settings. The environment is read here, once; docs/operations.md lists its variables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from alliance.database import databases
from alliance.observing.lines import logging_settings
from alliance.runtime.environment import AUDIT_KEY_FILE as KEY_FILE
from alliance.runtime.environment import PUBLICATION_KEY_FILE as PUBLICATION_KEY
from alliance.runtime.environment import ROOT, origin, single_sign_on, surroundings
from alliance.runtime.vault import Vault

django_stubs_ext.monkeypatch()  # before any model names its generic type

env = surroundings()
BASE_DIR = ROOT
DATA_DIR = env.data_dir
AUDIT_SIGNING_KEY = env.get("AUDIT_SIGNING_KEY")
AUDIT_KEY_FILE = DATA_DIR / KEY_FILE
PUBLICATION_SIGNING_KEY = env.get("PUBLICATION_SIGNING_KEY")
PUBLICATION_KEY_FILE = DATA_DIR / PUBLICATION_KEY
VAULT = Vault.of(env.variables, DATA_DIR)
EMBEDDED_DATABASE = not env.get("DATABASE_URL")
BACKUP_DATABASE_URL = env.get("BACKUP_DATABASE_URL")
SECURITY_CONTACT = env.get("SECURITY_CONTACT")  # mailto: or https:
METRICS_TOKEN, WORKER_METRICS = env.get("METRICS_TOKEN"), env.get("WORKER_METRICS")

# -- Where it is reached ---------------------------------------------------------------------------------
DEBUG = env.get("DEBUG") == "1"
SECRET_KEY = env.get("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.get("SECRET_KEY_FALLBACKS").split()
PUBLIC_URL = env.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.get("ALLOWED_HOSTS").replace(",", " ").split()]
ALLOWED_HOSTS += [urlsplit(PUBLIC_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",
    "factors",
    "footprint.rules",
    "footprint.inventory",
    "footprint.calculation",
    "footprint.analysis",
    "footprint.publication",
    "footprint.verification",
    "footprint.benchmark",
    "footprint.exchange",
    "footprint.partners",
    "footprint.sharing",
    "alliance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "alliance.observing.requests.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "alliance.headers.HeadersMiddleware",
    # above everything that may answer by itself, so that no answer goes without
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "alliance.health.HealthMiddleware",
    # partners' systems have no session, no form and no page: they are answered here
    "footprint.partners.entrance.PartnersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # The transaction opens when the person is known and closes after everything below has written.
    "accounts.middleware.TenantTransactionMiddleware",
    "alliance.language.PersonsLanguageMiddleware",
    "accounts.limiting.LimitMiddleware",
    "accounts.idempotency.IdempotencyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # below everything: it puts a table of the page in the place of the page
    "accounts.shown_tables.TableMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alliance.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Database: the tenant transaction spans the request, so Django opens none of its own ------------------
DATABASES = databases(env)

# -- Broker, tasks and cache: no request may fail while the broker is away ---------------------------------
REDIS_URL = env.get("REDIS_URL", f"unix://{DATA_DIR}/valkey/valkey.sock")
BROKER_SECONDS = 0.2

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    # By default unacknowledged messages are looked for every hundred seconds or so.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": BROKER_SECONDS,
    "socket_connect_timeout": BROKER_SECONDS,
    "max_retries": 1,
    **dict.fromkeys(("interval_start", "interval_step", "interval_max"), 0),
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # The wake-up that makes good for every wake-up that was lost.
    "drain": {"task": "footprint.calculation.drain", "schedule": 2.0, "options": {"expires": 2.0}},
    "samples": {"task": "footprint.analysis.sample", "schedule": 10.0, "options": {"expires": 10.0}},
    "trials": {"task": "footprint.analysis.try_rules", "schedule": 10.0, "options": {"expires": 10.0}},
    "releases": {"task": "footprint.benchmark.prepare", "schedule": 10.0, "options": {"expires": 10.0}},
    "overview": {"task": "footprint.benchmark.count", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "impacts": {"task": "footprint.analysis.foresee", "schedule": 10.0, "options": {"expires": 10.0}},
    "adoptions": {"task": "footprint.analysis.adopt", "schedule": 60.0, "options": {"expires": 60.0}},
    "checkpoint": {"task": "accounts.checkpoint", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "replies": {"task": "accounts.forget_replies", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "mail": {"task": "accounts.mail_notifications", "schedule": 60.0, "options": {"expires": 60.0}},
    "review_days": {"task": "footprint.inventory.remind", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "validity": {"task": "footprint.publication.remind", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "factors": {"task": "factors.run_imports", "schedule": 10.0, "options": {"expires": 10.0}},
    "files": {"task": "factors.write_release_files", "schedule": 10.0, "options": {"expires": 10.0}},
    "sharing": {"task": "footprint.sharing.watch", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "partners": {"task": "footprint.partners.watch", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "imports": {"task": "footprint.exchange.run_imports", "schedule": 10.0, "options": {"expires": 10.0}},
    "upserts": {"task": "footprint.exchange.run_upserts", "schedule": 10.0, "options": {"expires": 10.0}},
    "workbooks": {"task": "footprint.exchange.run_workbooks", "schedule": 10.0, "options": {"expires": 10.0}},
    "exports": {"task": "footprint.exchange.run_exports", "schedule": 10.0, "options": {"expires": 10.0}},
    **{
        name: {"task": f"footprint.partners.{name}", "schedule": 10.0, "options": {"expires": 10.0}}
        for name in ("offer", "events", "deliver", "pull", "tell", "try")
    },
}

CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "alliance.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"db": 1, "socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS},
    }
}

# Requests of one caller, seconds: exact across processes (accounts/limits.py).
API_REQUESTS = int(env.get("API_REQUESTS_PER_MINUTE", "1200"))
RATE_LIMITS: dict[str, tuple[int, int]] = {
    **({"api": (API_REQUESTS, 60), "api-write": (max(1, API_REQUESTS // 2), 60)} if API_REQUESTS else {}),
    "upload": (30, 3600),
    "token": (60, 60),
    "partner": (int(env.get("PARTNER_REQUESTS_PER_MINUTE", "30000")), 60),
    "login": (20, 60),
    "report": (60, 60),
    "connect": (10, 3600),  # of one address, mistakes included
    "connect-company": (50, 86400),  # to one company, from everywhere
}

# -- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{rule}Validator"}
    for rule in ("MinimumLength", "CommonPassword", "UserAttributeSimilarity")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "alliance.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.get("TRUSTED_PROXIES", "0"))
SESSION_COOKIE_AGE = int(env.get("SESSION_HOURS", "12")) * 3600
SESSION_IDLE_SECONDS = int(env.get("SESSION_IDLE_MINUTES", "30")) * 60
SECOND_FACTOR_REQUIRED = env.get("SECOND_FACTOR", "required") != "offered"
MFA_ADAPTER = "accounts.second_factor.SecondFactors"
MFA_FORMS = {"add_webauthn": "accounts.second_factor_forms.AddSecurityKeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitation
SOCIALACCOUNT_ADAPTER = "alliance.single_sign_on.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = single_sign_on(env)
SOCIALACCOUNT_LOGIN_ON_GET = False
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.get('EMAIL_HOST') else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS = env.get("EMAIL_HOST"), int(env.get("EMAIL_PORT", "587")), True
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.get("EMAIL_HOST_USER"), env.get("EMAIL_HOST_PASSWORD")
DEFAULT_FROM_EMAIL = env.get("DEFAULT_FROM_EMAIL", "noreply@localhost")

# -- Machines ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.IsKnown"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.rest.parsing.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.rest.parsing.JSONOnly",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "accounts.rest.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "accounts.problems.problem_response",
}
BEST_PRACTICE = (
    "IMPLICIT_GRANT PASSWORD_GRANT PKCE_METHOD ACCESS_TOKEN_TRANSPORT AUTHZ_RESPONSE_ISS TOKEN_STORAGE"
)
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "accounts.machines.SecretsOfClients",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {"read": "Read", "write": "Write"},
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    **{f"COMPLIANT_BCP_RFC9700_{rule}": True for rule in BEST_PRACTICE.split()},
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("Product carbon footprints"),
    "DESCRIPTION": _(
        "**Authorize** asks for a token with the id and secret of a machine client: whoever keeps a "
        "company's machines adds one on the company's page, under *Machine clients*; "
        "`manage.py demo_logins` lists those of the demonstration. The token is sent with every request from "
        "then on. Who is signed in here needs none. Where a request asks for `If-Match`, it is the `ETag` of "
        "the last answer. "
        "Step by step with examples: docs/erp.md; the interface for partners, `/3` and `/2`, is PACT's own: "
        "docs/pact.md. [Back to the product](/)"
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["accounts.rest.schema.without_empty_choices"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # so long a document is drawn where it is looked at only: the browser's own search misses the rest
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "filter": True},
}

# Where partners' systems reach us, and origins of theirs that are called although they are not public.
PARTNER_URL = env.get("PARTNER_URL", PUBLIC_URL).rstrip("/")
PARTNER_ORIGINS = frozenset(env.get("PARTNER_ORIGINS").lower().replace(",", " ").split())
PARTNER_CA_FILE = env.get("PARTNER_CA_FILE")

# -- Language, time, files --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alliance.staticfiles.HashedStaticFiles"},
}
if HTTPS:
    STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = DATA_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

# -- Hardening --------------------------------------------------------------------------------------------
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked inside, where there is no TLS
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # a browser takes such a cookie from this very host only, and over https
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{key: [NONE] for key in ("default-src", "object-src", "frame-ancestors", "base-uri")},
        **{key: [SELF] for key in ("style-src", "font-src", "connect-src")},
        # the button of single sign-on is a form, and a browser counts where its answer leads
        "form-action": [SELF, *filter(None, [origin(env.get("OIDC_ISSUER"))])],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        # static/js/trusted.js makes the two policies; nothing else may turn text into markup or code
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default", "looking"],
        "report-uri": "/csp/",
    }
}

SECRETS = [
    *(SECRET_KEY, *SECRET_KEY_FALLBACKS, AUDIT_SIGNING_KEY, PUBLICATION_SIGNING_KEY),
    *(EMAIL_HOST_PASSWORD, METRICS_TOKEN),
]
SECRETS += [DATABASES["default"]["PASSWORD"], urlsplit(REDIS_URL).password or ""]
LOGGING = logging_settings(env.get("LOG_LEVEL", "INFO"), env.get("LOG_FORMAT", "json"), SECRETS)
