"""docker-compose.yml and Dockerfile name nothing that does not exist. Docker itself is not needed."""

import importlib
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import click
import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import get_commands
from gunicorn.config import Config

from exitprogram.embedded import __main__ as starter
from exitprogram.embedded import servers, system, values
from exitprogram.embedded.places import CLONE

TEXT = (CLONE / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build")}
DOCKERFILE = (CLONE / "Dockerfile").read_text()
# What the other images read; each from its own documentation.
THEIRS = {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "PGHOST", "PGUSER", "PGPASSWORD", "REDISCLI_AUTH"}


def filled_in(text):
    """What docker compose makes of ``${NAME:?}`` with the .env file that the starter prints."""
    given = dict(line.split("=", 1) for line in values.operator_secrets())
    text = re.sub(r"\$\{(\w+):\?\}", lambda name: given[name[1]], text)
    return re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text)


def environment(service):
    return {name: filled_in(value) for name, value in service.get("environment", {}).items()}


def test_services_are_these():
    assert set(SERVICES) == {
        "postgres", "redis", "clamav", "roles", "migrate", "web", "worker", "jobs", "poller", "beat", "mailpit"
    }  # fmt: skip
    assert set(OURS) == {"migrate", "web", "worker", "jobs", "poller", "beat"}
    assert {service["image"] for service in OURS.values()} == {"exitprogram"}


@pytest.mark.parametrize("name", OURS)
def test_command_exists(db, name):
    program, *words = OURS[name]["command"]
    {"python": python_exists, "gunicorn": gunicorn_exists, "celery": celery_exists}[program](words)


def python_exists(words):
    assert words[0] == "manage.py"
    assert (CLONE / words[0]).is_file()
    assert words[1] in get_commands()


def gunicorn_exists(words):
    asked = Config().parser().parse_args(words)
    assert callable(importlib.import_module(asked.args[0]).application)


def celery_exists(words):
    flag, module, command, *options = words
    assert flag == "-A"
    assert importlib.import_module(module).app.main == "exitprogram"
    known = celery.commands[command]
    _, left_over, _ = known.make_parser(click.Context(known)).parse_args(list(options))
    assert left_over == []


def test_health_check_of_the_web_exists():
    assert OURS["web"]["healthcheck"]["test"] == ["CMD", "python", "-m", "exitprogram.embedded", "healthy"]
    assert starter._parser().parse_args(["healthy"]).command == "healthy"


@pytest.mark.parametrize("name", SERVICES)
def test_mounts_exist(name):
    for mount in SERVICES[name].get("volumes", []):
        source = mount.split(":")[0]
        assert (CLONE / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    for config in SERVICES[name].get("configs", []):
        assert config["source"] in COMPOSE["configs"]


@pytest.mark.parametrize("name", SERVICES)
def test_needed_services_exist(name):
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        assert wanted["condition"] in ("service_healthy", "service_completed_successfully")
        assert wanted["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
        assert wanted["condition"] != "service_completed_successfully" or SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_variables_are_read_by_somebody(name):
    settings = (CLONE / "exitprogram/settings.py").read_text()
    roles = re.findall(r"^\\getenv \w+ (\w+)$", servers.ROLES_SQL.read_text(), re.MULTILINE)
    for variable in SERVICES[name].get("environment", {}):
        assert variable in THEIRS or variable in roles or f'"{variable}"' in settings


def test_operator_is_told_every_variable_and_no_other():
    asked = set(re.findall(r"\$\{(\w+):\?\}", TEXT))
    assert asked == {line.split("=", 1)[0] for line in values.operator_secrets()}


@pytest.mark.parametrize("name", OURS)
def test_settings_are_complete_for_each_process(name):
    """Nothing but what compose gives, and no demo of this clone to fall back on."""
    env = environment(OURS[name]) | {"EXIT_STATE_DIR": "/nonexistent", "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", "import exitprogram.settings"], cwd=CLONE, env=env, check=True)


@pytest.mark.parametrize("name, role", [
    ("migrate", "owner"), ("web", "app"), ("jobs", "app"),
    ("worker", "worker"), ("poller", "worker"), ("beat", "worker"),
])  # fmt: skip
def test_each_process_has_one_database_role(name, role):
    addresses = [value for key, value in environment(OURS[name]).items() if key.endswith("DATABASE_URL")]
    counts = ["exit_figures"] if name == "jobs" else []  # figures are made where long work is done, and nowhere else
    assert [urlsplit(address).username for address in addresses] == [f"exit_{role}", *counts]


@pytest.mark.parametrize("name", OURS)
def test_addresses_point_to_services(name):
    for variable, value in environment(OURS[name]).items():
        if "://" in value and variable != "EXIT_BASE_URL":
            assert urlsplit(value).hostname in SERVICES


def test_database_gets_the_locale_that_keeps_swedish():
    given = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert given == [*servers.locale_switches(18), "--data-checksums"]


def test_nothing_is_tied_to_one_host():
    """What several processes share lies in PostgreSQL, the broker or a named volume; beat's own file is its own."""
    assert {mount.split(":")[0] for name in OURS for mount in OURS[name].get("volumes", [])} == {"files", "anchors"}
    file = OURS["beat"]["command"][OURS["beat"]["command"].index("--schedule") + 1]
    assert file.rsplit("/", 1)[0] in OURS["beat"]["tmpfs"]
    assert {name for name in OURS if "container_name" in OURS[name]} == set()


def test_dockerfile_copies_what_exists():
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    assert copied == ["requirements.txt", "."]
    assert (CLONE / "requirements.txt").is_file()


def test_dockerfile_has_the_libraries_for_pdf():
    assert [package for package in system.PDF.values() if package not in DOCKERFILE] == []


def test_image_leaves_out_state_and_secrets():
    assert {".env", "var", ".git", ".venv"} <= set((CLONE / ".dockerignore").read_text().split())
