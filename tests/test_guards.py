"""Guards over the whole source: floors, length, banned words. Each is also shown what it is there to find."""

import ast
import re
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from exitprogram.celery import app as celery
from tests.source import FLOORS, files, functions, imports, is_wiring, text, tree


def wrong_imports(path, parsed):
    if is_wiring(path):
        return []
    floor = path.parts[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    names = set(imports(parsed))
    return sorted(name for name in names if name.split(".")[0] in above or _imports_wiring(name))


def _imports_wiring(name):
    parts = name.split(".")
    return parts[0] == "exitprogram" and parts[1:2] in (
        ["urls"],
        ["api"],
        ["celery"],
        ["asgi"],
        ["wsgi"],
        ["demo"],
        ["settings"],
    )


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_go_down_only(floor):
    found = {str(path): wrong_imports(path, tree(path)) for path in files() if path.parts[0] == floor}
    assert {path: names for path, names in found.items() if names} == {}


PLANTED_IMPORTS = {
    ("cases/models/case.py", "from teams.models import TeamMember"): True,
    ("cases/models/case.py", "def f():\n    import plans.exports"): True,
    ("exitprogram/tenancy/wall.py", "import cases"): True,
    ("exitprogram/tenancy/wall.py", "from exitprogram import urls"): True,
    ("teams/views/team.py", "from exitprogram.demo import clock"): True,
    ("teams/views/team.py", "from cases.models import Case"): False,
    ("exitprogram/demo/story.py", "from plans import operations"): False,
    ("exitprogram/tenancy/wall.py", "from django.conf import settings"): False,
}  # fmt: skip


@pytest.mark.parametrize(("given", "wrong"), PLANTED_IMPORTS.items(), ids=lambda given: str(given)[:50])
def test_the_floors_are_guarded(given, wrong):
    from pathlib import Path

    path, source = given
    assert bool(wrong_imports(Path(path), ast.parse(source))) is wrong


def test_files_and_functions_stay_short():
    long_files = {str(path) for path in files() if text(path).count("\n") > 400}
    long_functions = {
        f"{path}:{node.name}"
        for path in files()
        for node in functions(tree(path))
        if node.end_lineno - node.lineno + 1 > 40
    }
    assert long_files == LONG_FILES
    assert long_functions == LONG_FUNCTIONS


LONG_FILES = set()  # named here or split: a longer file is a decision
LONG_FUNCTIONS = {"exitprogram/tenancy/reference/__init__.py:load"}  # one table after the other, run by a migration

BANNED = {
    r"\bhas_perm\(": "roles are code; the question is cases.access.can",
    r"\breceiver\(": "no signals: a write is an operation",
    r"get_objects_for_user|assign_perm|remove_perm": "guardian's own functions cannot see a last day",
    r"\bsend_mail\(|EmailMultiAlternatives|\bmail_admins\(": "the one door for mail is exitprogram.mail",
    r"mark_safe|\|\s*safe\b|autoescape off": "text is escaped",
    r"datetime\.now\(|datetime\.today\(|date\.today\(|utcnow\(": "timezone.localdate() and timezone.now()",
    r"\.raw\(|\.extra\(|RawSQL": "the ORM, or SQL with parameters",
    r"csrf_exempt": "no form without its token",
    r"\bpickle\b|\beval\(|\bexec\(": "no code from data",
    r"acting_as_system": "upkeep only",
    r"EmailMessage": "the one door for mail is exitprogram.mail",
    r"_base_manager(?!\.none\(\))": "past Python's wall",
    r"cache_page|\bcaches?\.(get|set)\(": "no cache between people",
}
ALLOWED = {
    ("acting_as_system", "exitprogram/tenancy/acting.py"), ("EmailMessage", "exitprogram/mail/post.py"),
    (r"\.raw\(|\.extra\(|RawSQL", "exitprogram/tenancy/prepared.py"),  # what the ORM itself has made
    ("acting_as_system", "exitprogram/tenancy/management/commands/seat_administrator.py"),
    ("acting_as_system", "exitprogram/crypto/management/commands/rotate_keys.py"),
    ("acting_as_system", "exitprogram/jobs/runner.py"),  # claims, ends and forgets; each part is its asker's
    ("acting_as_system", "exitprogram/tokens/upkeep.py"),  # forgets keys of calls
    ("acting_as_system", "plans/management/commands/export_plan.py"),
    ("acting_as_system", "exitprogram/demo/cast.py"),
    ("acting_as_system", "cases/management/commands/sweep_files.py"),
    ("acting_as_system", "cases/lapsed.py"),
    ("acting_as_system", "teams/incident.py"),  # writes down that the log was taken out
    (r"_base_manager(?!\.none\(\))", "exitprogram/crypto/management/commands/rotate_keys.py"),
    (r"_base_manager(?!\.none\(\))", "cases/models/block.py"),  # whom one may know nothing of, in any authority
    (r"_base_manager(?!\.none\(\))", "cases/models/majority.py"),  # of another board's child, for a consent's end
}  # fmt: skip


def banned_in(source):
    return [pattern for pattern in BANNED if re.search(pattern, source)]


@pytest.mark.parametrize("kind", ["*.py", "*.html"])
def test_banned_words(kind):
    sources = files(kind)
    assert sources
    found = {(pattern, str(path)) for path in sources for pattern in banned_in(text(path))}
    assert found == (ALLOWED if kind == "*.py" else set())


@pytest.mark.parametrize(
    "source", ["user.has_perm('x')", "@receiver(post_save)", "send_mail(x)", "{{ x|safe }}", "{{ x | safe }}",
               "datetime.now()", "Case.objects.raw('…')", "date.today()", "qs.extra(where=[])", "mark_safe(x)",
               "{% autoescape off %}", "assign_perm('x')", "get_objects_for_user(u)"],
)  # fmt: skip
def test_a_banned_word_is_found(source):
    assert banned_in(source)


def test_sql_is_never_put_together_from_values():
    """An f-string or % given to a cursor in code that answers requests. The wall's own declarations are not values."""
    found = {
        f"{path}:{node.lineno}"
        for path in files()
        if str(path) not in {"exitprogram/tenancy/wall.py"} and "management" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("execute", "executemany")
        and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    }  # fmt: skip
    assert found == set()


def test_no_drawer_for_everything():
    names = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "signals"}
    assert {str(path) for path in files() if names & {path.stem, *path.parts[:-1]}} == set()


def test_no_missing_migrations(db):
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out)


def test_every_scheduled_task_exists():
    celery.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {task for task in scheduled if task not in celery.tasks} == set()
    assert "cases.tasks.no_such" not in celery.tasks


def test_task_arguments_are_ids():
    """What goes through the broker is in the clear: a task takes names that end in id, or nothing."""
    for path in files("tasks.py"):
        for node in functions(tree(path)):
            names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
            assert all(name == "id" or name.endswith(("_id", "_ids")) for name in names), f"{path}:{node.name}"


def test_no_admin_and_no_default_permissions_backend():
    assert not apps.is_installed("django.contrib.admin")
    assert not any("guardian" in backend for backend in settings.AUTHENTICATION_BACKENDS)
