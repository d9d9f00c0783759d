"""``python -m bench.contender product``: one contender in a process of its own. Reads orders as lines of JSON, answers
each with one. The first line is the scene; what it serves is warm after the first order."""

import gc
import importlib
import json
import sys
import time
from pathlib import Path

import psycopg

MAKERS = {
    "floor": "bench.floor.making", "bare": "bench.floor.making", "product": "bench.product",
    "unwalled": "bench.product", "admin": "bench.stock.serving", "api": "bench.stock.serving",
}  # fmt: skip


class Counted:
    """While it is open, every statement that a psycopg cursor sends. BEGIN and COMMIT are sent by the connection."""

    def __enter__(self):
        self.statements, self.before = [], psycopg.Cursor.execute
        found, send = self.statements, self.before

        def execute(cursor, query, *words, **more):
            found.append(query if isinstance(query, str) else query.as_string(cursor))
            return send(cursor, query, *words, **more)

        psycopg.Cursor.execute = execute
        return self

    def __exit__(self, *exception):
        psycopg.Cursor.execute = self.before


class Contender:
    def __init__(self, name, scene):
        self.name = name
        self.pages, self.teach = importlib.import_module(MAKERS[name]).pages(name, scene)

    def run(self, page, times):
        """Seconds of each request, one after the other; and status and size of the last one."""
        ask, took = self.pages[page], []
        gc.collect()
        for _time in range(times):
            began = time.perf_counter()
            status, body = ask()
            took.append(time.perf_counter() - began)
            if status not in (200, 302):
                raise AssertionError(f"{self.name} {page}: {status}")
        return {"seconds": took, "status": status, "bytes": len(body)}

    def show(self, page):
        with Counted() as counted:
            status, body = self.pages[page]()
        return {"status": status, "body": body.decode(), "statements": counted.statements}

    def learn(self, page, body):
        self.teach(page, body)
        return {}

    def has(self):
        return {"pages": list(self.pages)}

    def memory(self):
        """Megabytes that are this process's alone."""
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
        kept = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
        return {"private_mb": kept / 1024}


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    served = Contender(sys.argv[1], json.loads(sys.stdin.readline()))
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        answer = getattr(served, order.pop("do"))(**order)
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
