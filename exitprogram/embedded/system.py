"""What the machine itself must have: found, installed through apt when we may, otherwise named with the command."""

import ctypes
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from .places import GivingUp, say

PDF = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def missing_pdf_packages():
    return [package for library, package in PDF.items() if not _loads(library)]


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@cache
def chromium():
    """A browser that starts. Ubuntu's ``chromium-browser`` without snap is a script that only says so."""
    given = os.environ.get("EXIT_CHROMIUM")
    for name in [given] if given else BROWSERS:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def _starts(path):
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure_pdf():
    """True when PDF will work. Everything else works without."""
    missing = missing_pdf_packages()
    if missing:
        install(missing)
        missing = missing_pdf_packages()
    if missing:
        say(f"PDF fungerar inte förrän Pango är installerat: {command(missing)}")
    return not missing


def ensure_trace():
    """True when the calls of a process can be watched: ``make hostile`` asks what a document opens."""
    if not shutil.which("strace"):
        install(["strace"])
    if not shutil.which("strace"):
        say(f"Spårningen av dokument behöver strace: {command(['strace'])}")
    return bool(shutil.which("strace"))


def ensure_chromium():
    if chromium():
        return
    if _is_ubuntu():
        raise GivingUp("Webbläsartesterna behöver Chromium: sudo snap install chromium")
    install(["chromium"])
    chromium.cache_clear()
    if not chromium():
        raise GivingUp(f"Webbläsartesterna behöver Chromium: {command(['chromium'])}")


def _is_ubuntu():
    """There the apt package ``chromium`` is only a pointer to a snap."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()


def command(packages):
    """For a person to type."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install --no-install-recommends {' '.join(packages)}"


def install(packages):
    """Try. Whether it helped is seen by looking again, so nothing is returned."""
    right = _right_to_install()
    if right is None:
        return
    say(f"Installerar {', '.join(packages)} med apt-get …")
    _update(tuple(right))
    _apt(right, "install", "--yes", "--no-install-recommends", *packages)


def _right_to_install():
    """The words before ``apt-get``; None when there is no apt-get or a password would be asked for."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    asks_nothing = ["sudo", "--non-interactive"]
    if (
        shutil.which("sudo")
        and subprocess.run([*asks_nothing, "true"], capture_output=True, check=False).returncode == 0
    ):
        return asks_nothing
    return None


@cache
def _update(right):
    _apt(list(right), "update")


def _apt(right, *words):
    done = subprocess.run(
        [*right, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"apt-get {words[0]} misslyckades: {done.stderr.strip()[-400:]}")
