"""Work in a child of this process, which has the world in its hands already: what a mutant does ends with the child."""

import os
import signal

from django.db import connection

LONGEST = 300  # seconds; a mutant that hangs is as good as found


def in_a_child(work):
    """What ``work`` says, as text; '' when it says nothing."""
    connection.close()  # no two processes on one socket
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _pid, status = os.waitpid(child, 0)
    return said if status == 0 else f"ended by {status}"


def _work(work, writing):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST)
    code = 0
    try:
        said = work() or ""
        os.write(writing, said.encode()[:60_000])
    except BaseException as error:  # noqa: BLE001  whatever it was, the parent goes on
        os.write(writing, f"{type(error).__name__}: {str(error)[:200]}".encode())
    finally:
        os._exit(code)
