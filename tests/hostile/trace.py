"""What a process asks its system for, as strace tells it: files opened and sockets made."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from django.conf import settings

from exitprogram.pdf.render import FONTS
from tests.hostile.renderer import BEGINS

# Python and its packages, the system's libraries and fonts, and the folder that the result goes to.
LIBRARIES = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
MAY = [str(FONTS), *LIBRARIES, str(settings.BASE_DIR / "exitprogram/pdf"), "/usr/share/fonts", "/etc/fonts", "/usr/lib",
       "/usr/share/fontconfig", "/var/cache/fontconfig", "/dev/urandom", "/etc/ld.so.cache", "/lib"]  # fmt: skip
STRACE = ["strace", "-f", "--seccomp-bpf", "-qq"]


def can_trace():
    """None, or why not."""
    if not shutil.which("strace"):
        return "strace saknas på den här maskinen"
    tried = subprocess.run([*STRACE, "-o", "/dev/null", sys.executable, "-c", ""], capture_output=True)
    return None if tried.returncode == 0 else "den här maskinen låter inte en process se en annans anrop"


def traced(pages, folder, *, careless=False):
    """(what became of each page, [files opened], [sockets]) after the first, ordinary document."""
    if why := can_trace():
        pytest.skip(why)
    (folder / "in.json").write_text(json.dumps(pages))
    log = folder / "trace"
    command = [*STRACE, "-s", "300", "-e", "trace=network,open,openat,openat2", "-o", log, sys.executable]
    command += ["-m", "tests.hostile.renderer", folder / "in.json", folder, *(["--open"] if careless else [])]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    before, mark, after = log.read_text().partition(BEGINS)
    assert mark and before, "nothing was traced"
    opened = re.findall(r'open(?:at2?)?\((?:[^",]+, )?"((?:[^"\\]|\\.)*)"', after)
    sockets = [line for line in after.splitlines() if re.search(r"\b(socket|connect|sendto|bind)\(", line)]
    return json.loads((folder / "done.json").read_text()), opened, sockets


def strange(opened, folder):
    """Those that no document has any business with."""
    own = [*MAY, str(folder)]
    return [name for name in opened if name.startswith("/") and not any(name.startswith(place) for place in own)] + [
        name for name in opened if not name.startswith("/") and Path(name).suffix not in (".so",)
    ]
