"""The stock way: Django's admin, Django REST framework and django-guardian as their manuals have them, over the
product's own tables, as their owner. What is theirs alone (users, permissions, sessions) lies in its own schema."""

import os

from exitprogram.settings import database

SECRET_KEY = os.environ["EXIT_SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database(os.environ["EXIT_DATABASE_URL"])}
DATABASES["default"]["CONN_MAX_AGE"] = None
# Its own migrations must not find the product's list of them.
PATH = os.environ.get("STOCK_SEARCH_PATH", "stock,public")
DATABASES["default"]["OPTIONS"] = {"options": f"-c search_path={PATH}"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "rest_framework", "guardian", "bench.stock",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
ROOT_URLCONF = "bench.stock.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
LANGUAGE_CODE, TIME_ZONE, USE_TZ = "sv", "Europe/Stockholm", True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ANONYMOUS_USER_NAME = None
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,  # as many as the admin's list
}
