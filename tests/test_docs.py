"""The documents say what is true: every variable, file, command, address, test and word they name exists."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from exitprogram.embedded import __main__ as starter
from tests.source import files, text

ROOT = Path(__file__).resolve().parent.parent
DOCS = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))}
README = DOCS["README.md"]
VARIABLE = re.compile(r"\bEXIT_[A-Z][A-Z_]*[A-Z]\b")
# Whoever reads the environment: the settings, the starter, the roles and the operator's compose file.
READERS = (
    ROOT / "exitprogram/settings.py", ROOT / "exitprogram/tenancy/roles.sql", ROOT / "docker-compose.yml",
    ROOT / "Dockerfile", *(ROOT / "exitprogram/embedded").glob("*.py"),
)  # fmt: skip


def section(title):
    return README.split(f"\n## {title}")[1].split("\n## ")[0]


def rows(title):
    """Cells of the table under that heading, without its two first lines."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def tokens(name):
    """What stands in code type on one line, and the commands in code blocks."""
    prose = re.sub(r"```.*?```", "", DOCS[name], flags=re.S)
    return re.findall(r"`([^`\n]+)`", prose)


def blocks(name):
    return tokens(name) + [
        line for block in re.findall(r"```sh\n(.*?)```", DOCS[name], re.S) for line in block.split("\n")
    ]


CONFIGURATION = {VARIABLE.search(row[0])[0]: row for row in rows("Configuration")}


def test_every_variable():
    read = {name for path in READERS for name in VARIABLE.findall(path.read_text())}
    assert set(CONFIGURATION) == read
    assert {name for page in DOCS.values() for name in VARIABLE.findall(page)} <= read


def test_every_default():
    """Each plain default in the settings stands in its variable's row."""
    tree = ast.parse((ROOT / "exitprogram/settings.py").read_text())
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "env"]
    defaults = {
        call.args[0].value: call.args[1].value
        for call in calls
        if len(call.args) == 2 and all(isinstance(given, ast.Constant) for given in call.args) and call.args[1].value
    }
    assert len(defaults) >= 6
    assert {name for name, value in defaults.items() if f"`{value}`" not in CONFIGURATION[name][2]} == set()
    needed = {call.args[0].value for call in calls if len(call.args) == 1 and isinstance(call.args[0], ast.Constant)}
    assert {name for name in needed if "needed" not in CONFIGURATION[name][2]} == set()


def test_every_word_of_the_glossary():
    source = "\n".join(text(path) for path in files())
    words = {word for row in rows("Glossary") for word in re.findall(r"`(\w+)`", row[1])}
    assert len(words) > 40
    assert {word for word in words if not re.search(rf"\b{word}\b", source)} == set()


PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
SUFFIXES = (".py", ".md", ".sql", ".toml", ".yml", ".txt", ".svg", ".png", ".html", ".csv")
OURS = {path.name for path in ROOT.iterdir()}
# Names that stand for the file of that name in any room.
IN_EVERY_ROOM = {"models.py", "forms.py", "views.py", "urls.py", "tasks.py", "exports.py", "__init__.py"}
IN_EVERY_ROOM |= {"operations/", "views/", "sql/", "templates/"}


def missing_paths(names):
    for name in names:
        first = name.split("/")[0]
        if not PATH.fullmatch(name) or not (name.endswith(SUFFIXES) or "/" in name and first in OURS):
            continue
        if name not in IN_EVERY_ROOM and not (ROOT / name).exists():
            yield name


@pytest.mark.parametrize("name", sorted(DOCS))
def test_every_file(name):
    assert list(missing_paths(tokens(name))) == []


def test_a_missing_file_is_found():
    assert list(missing_paths(["README.md", "no_such.py", "cases/no_such/", "urls.py", "a/b"])) == [
        "no_such.py", "cases/no_such/",
    ]  # fmt: skip


def test_every_room_in_the_floor_plan():
    plan = section("Floor plan").split("```")[1]
    named = re.findall(r"^(\w+)/ ", plan, re.M)
    inner = [f"exitprogram/{name}" for name in re.findall(r"  (\w+)/ ", plan)]
    assert len(named) >= 7 and len(inner) >= 7
    assert {name for name in (*named, *inner) if not (ROOT / name).is_dir()} == set()
    rooms = {path.parent.name for path in (ROOT / "exitprogram").glob("*/__init__.py")}
    assert {room for room in rooms if f"{room}/" not in plan} == set()


@pytest.mark.parametrize("name", sorted(DOCS))
def test_every_command(name):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    commands, said = get_commands(), "\n".join(blocks(name))
    for command in re.findall(r"manage\.py ([a-z]\w+)", said):
        load_command_class(commands[command], command)
    assert set(re.findall(r"^make ([a-z][\w-]*)", said, re.M)) <= targets
    for word in re.findall(r"exitprogram\.embedded (\w+)", said):
        starter._parser().parse_args([word])
    assert set(re.findall(r"compose run --rm (\w+)", said)) <= {"web", "migrate"}


def test_every_option_of_our_own_commands():
    """`--recipient` and the like are options of some command that we have written."""
    ours = "\n".join(text(path) for path in files() if "commands" in path.parts)
    said = [line for name in DOCS for line in blocks(name) if "manage.py" in line]
    options = {option for line in said for option in re.findall(r"--[a-z-]{3,}", line.split("manage.py")[1])}
    assert {option for option in options - {"--database"} if f'"{option}"' not in ours} == set()


@pytest.mark.parametrize("name", sorted(DOCS))
def test_every_link(name):
    for target in re.findall(r"\]\(([^)\s]+)\)", DOCS[name]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        assert page.exists(), target
        headings = [re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings_of(page)] if anchor else []
        assert not anchor or anchor in headings, target


def headings_of(page):
    return re.findall(r"^#+ (.*)", page.read_text(), re.M)


@pytest.mark.parametrize("name", sorted(DOCS))
def test_every_address(name):
    """An address of the product, such as /halsa/, leads somewhere."""
    for token in tokens(name):
        if re.fullmatch(r"/[a-z/-]+/", token):
            resolve(token)


def test_every_test_and_function():
    """Named tests exist, and so do the wall's own functions."""
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").glob("*.py"))
    sql = "\n".join(text(path) for path in files("*.sql"))
    said = [token for name in DOCS for token in tokens(name)]
    assert {t for t in said if re.fullmatch(r"test_\w+", t) and f"def {t}(" not in tests} == set()
    assert {t for t in said if re.fullmatch(r"wall\.\w+\(\)", t) and f"FUNCTION {t[:-1]}" not in sql} == set()


@pytest.mark.parametrize("name", sorted(DOCS))
def test_nothing_of_one_machine(name):
    page = DOCS[name]
    assert re.findall(r"(?<![\w.*:/])/(?:work|root|home|tmp|var|opt|usr|srv|mnt|etc|Users)/", page) == []
    assert re.findall(r"pypi|npmjs|pythonhosted|deb\.debian|docker\.io|ghcr|quay\.io", page, re.I) == []


def test_pictures_are_small():
    pictures = list((ROOT / "docs").glob("*.png"))
    assert {path.name for path in pictures} == {"person.png", "my-day.png"}
    for path in pictures:
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and path.stat().st_size < 200_000, path.name


def test_the_licence_is_whole():
    licence = (ROOT / "LICENSE").read_text()
    assert re.findall(r"^(\d+)\.[A-Z]", licence, re.M) == [str(number) for number in range(1, 16)]
    assert "Appendix" in licence and licence.rstrip().endswith("the production of a new EUPL version.")
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text()
