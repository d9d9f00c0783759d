"""System checks: a production configuration that is not safe does not start."""

import sys

from django.conf import settings
from django.core.checks import Critical, Tags, register
from django.db import OperationalError, connection

UNSAFE_FLAGS = """
    SELECT rolsuper, rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind = 'r'),
           current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'),
           pg_backend_pid()
    FROM pg_roles r WHERE rolname = current_user
"""


@register(Tags.security)
def configuration_is_safe(app_configs, **kwargs):
    if settings.EXIT_ENV != "production":
        return []
    wrong = []
    if settings.DEBUG:
        wrong.append(Critical("DEBUG är på i drift.", hint="Ta bort EXIT_DEBUG.", id="exit.C001"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        wrong.append(Critical("EXIT_ALLOWED_HOSTS måste nämna värdnamnen.", id="exit.C002"))
    if not settings.BASE_URL.startswith("https://"):
        wrong.append(Critical("EXIT_BASE_URL måste börja med https://.", id="exit.C003"))
    keys = [*settings.CONTEXT_KEYS, *settings.DATA_KEYS.values()]
    if any(len(key) != 32 or len(set(key)) < 8 for key in keys) or len(settings.SECRET_KEY) < 50:
        hint = "`python3 -m exitprogram.embedded secrets` gör nya."
        wrong.append(Critical("En nyckel är för kort eller förutsägbar.", hint=hint, id="exit.C004"))
    if len(set(keys)) != len(keys) or settings.SECRET_KEY in settings.SECRET_KEY_FALLBACKS:
        wrong.append(Critical("Samma nyckel står på två ställen.", hint="Varje nyckel är sin egen.", id="exit.C006"))
    if settings.DATABASE_POOLER and "pool" in settings.DATABASES["default"].get("OPTIONS", {}):
        hint = "Ta bort EXIT_DATABASE_POOL."
        wrong.append(Critical("Två pooler i rad till databasen.", hint=hint, id="exit.C007"))
    if not settings.STRONG_SIGN_IN:
        hint = "Ta bort EXIT_STRONG_SIGN_IN."
        wrong.append(Critical("Ett lösenord räcker för att logga in.", hint=hint, id="exit.C008"))
    if not settings.CLAMD_URL:
        hint = "Sätt EXIT_CLAMD_URL, till exempel tcp://clamav:3310."
        wrong.append(Critical("Ingen söker igenom uppladdade filer.", hint=hint, id="exit.C005"))
    return wrong


@register(Tags.database)
def role_is_bound(app_configs, databases=None, **kwargs):
    """The role that answers requests may not own a table, bypass row security or commit without waiting."""
    if settings.EXIT_PROCESS == "owner" or not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(UNSAFE_FLAGS)
        superuser, bypass, owns, commit, fsync, whole_pages, pid = cursor.fetchone()
    wrong = []
    if superuser or bypass or owns:
        wrong.append(Critical("Databasrollen kan gå förbi muren.", hint="Använd exit_app.", id="exit.C010"))
    if commit == "off" and settings.EXIT_ENV == "production":
        wrong.append(Critical("synchronous_commit är av: kvitterade rader kan gå förlorade.", id="exit.C011"))
    if "off" in (fsync, whole_pages) and settings.EXIT_ENV == "production":
        wrong.append(
            Critical("fsync eller full_page_writes är av: ett strömavbrott förstör databasen.", id="exit.C012")
        )
    if pid != connection.connection.info.backend_pid and not settings.DATABASE_POOLER:
        hint = "Sätt EXIT_DATABASE_POOLER=1."
        wrong.append(Critical("En pool står framför databasen utan att det är sagt.", hint=hint, id="exit.C013"))
    return wrong


SHUT = "permission denied for database"  # what PostgreSQL says until destroy_again has opened a restored one


def refuse_unsafe():
    """Called when a web or worker process starts: with an unsafe configuration or database role it does not."""
    try:
        wrong = configuration_is_safe(None) + role_is_bound(None, databases=["default"])
    except OperationalError as why:
        if SHUT not in str(why):
            raise
        hint = "Kör manage.py destroy_again (docs/backup.md)."
        wrong = [Critical("Databasen är återställd ur en kopia och stängd.", hint=hint, id="exit.C014")]
    if not connection.in_atomic_block:
        connection.close()  # the first request opens its own
        if connection.pool:
            connection.close_pool()  # its threads would not come along into a worker
    if wrong:
        lines = [f"{message.id}: {message.msg} {message.hint or ''}" for message in wrong]
        sys.exit("\n".join(["Startar inte:", *lines]))
