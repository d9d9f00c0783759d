"""What the machine lacks: installed when we may, named in one sentence when we may not."""

import os
import subprocess
import sys

import pytest

from exitprogram.embedded import bootstrap, system
from exitprogram.embedded.places import GivingUp


@pytest.fixture
def powerless(monkeypatch):
    """No apt-get, or one that asks for a password."""
    monkeypatch.setattr(system, "_right_to_install", lambda: None)


@pytest.fixture
def apt(monkeypatch, tmp_path):
    """An apt-get that writes down what it is asked and installs nothing."""
    asked = tmp_path / "asked"
    program = tmp_path / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> "{asked}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(system, "_right_to_install", list)
    system._update.cache_clear()
    yield asked
    system._update.cache_clear()


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(system, "_starts", lambda path: False)
    monkeypatch.setattr(system, "_is_ubuntu", lambda: False)
    system.chromium.cache_clear()
    yield
    system.chromium.cache_clear()


def test_demo_without_pango_says_what_to_type(monkeypatch, powerless, capsys):
    monkeypatch.setattr(system, "_loads", lambda library: "harfbuzz" not in library)
    assert not system.ensure_pdf()
    assert capsys.readouterr().out.endswith("apt-get install --no-install-recommends libharfbuzz-subset0\n")


def test_pango_is_there_here():
    """The suite makes real PDF files."""
    assert system.missing_pdf_packages() == []


def test_tests_without_chromium_stop_with_what_to_type(no_browser, powerless):
    with pytest.raises(GivingUp, match="apt-get install --no-install-recommends chromium$"):
        system.ensure_chromium()


def test_ubuntu_has_chromium_as_a_snap(monkeypatch, no_browser):
    monkeypatch.setattr(system, "_is_ubuntu", lambda: True)
    with pytest.raises(GivingUp, match="snap install chromium"):
        system.ensure_chromium()


def test_apt_is_asked_once_for_its_lists_and_then_for_the_packages(monkeypatch, apt):
    monkeypatch.setattr(system, "_loads", lambda library: False)
    system.ensure_pdf()
    system.install(["python3.11-venv"])
    assert apt.read_text().splitlines() == [
        "noninteractive -qq update",
        f"noninteractive -qq install --yes --no-install-recommends {' '.join(system.PDF.values())}",
        "noninteractive -qq install --yes --no-install-recommends python3.11-venv",
    ]


def test_python_without_ensurepip_names_the_package(monkeypatch, powerless):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    with pytest.raises(GivingUp, match=package):
        bootstrap._need_ensurepip()


def test_nothing_is_installed_again_until_the_lock_changes(monkeypatch, tmp_path):
    """Also: an environment made for the tests is good enough for the demo, and not the other way round."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    ours, theirs = "requirements.txt", "requirements-test.txt"
    assert not bootstrap._is_installed(tmp_path, ours)

    bootstrap._stamp(tmp_path, ours).write_text(bootstrap._digest(ours))
    assert bootstrap._is_installed(tmp_path, ours)
    assert not bootstrap._is_installed(tmp_path, theirs)

    bootstrap._stamp(tmp_path, ours).unlink()
    bootstrap._stamp(tmp_path, theirs).write_text(bootstrap._digest(theirs))
    assert bootstrap._is_installed(tmp_path, ours)

    bootstrap._stamp(tmp_path, theirs).write_text("en äldre låsfil")
    assert not bootstrap._is_installed(tmp_path, theirs)


def test_environment_whose_python_has_gone_is_not_used(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(tmp_path / "borta")
    assert not bootstrap._works(tmp_path)


def test_unknown_command_is_refused():
    done = subprocess.run([sys.executable, "-m", "exitprogram.embedded", "x"], capture_output=True, check=False)
    assert done.returncode == 2
