"""``python -m bench.contender product``: one contender in a process of its own. Reads orders as lines of JSON, answers
each with one. The first line is the scene; what it serves is warm after the first order."""

import gc
import importlib
import json
import os
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


class Explained(Counted):
    """While it is open, every question is explained before it is asked, with whole tables made dear: what is still read
    whole has no index to be read by. Statistics of a small database would choose it for other reasons."""

    def __enter__(self):
        super().__enter__()
        self.asked, self.unled = 0, []
        counted = psycopg.Cursor.execute

        def execute(cursor, query, *words, **more):
            text = query if isinstance(query, str) else query.as_string(cursor)
            if text.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
                self._explain(cursor, text, words)
            return counted(cursor, query, *words, **more)

        psycopg.Cursor.execute = execute
        return self

    def _explain(self, cursor, text, words):
        self.asked += 1
        with psycopg.ClientCursor(cursor.connection) as beside:
            self.before(beside, "SET LOCAL enable_seqscan = off")
            self.before(beside, f"EXPLAIN (FORMAT JSON) {text}", *words[:1])
            [[plan]] = beside.fetchone()
            self.before(beside, "SET LOCAL enable_seqscan = on")
        self.unled += [(*scan, " ".join(text.split())[:1500]) for scan in unled(plan["Plan"])]


def unled(node):
    """(table, kind of scan) below this node without a condition that an index answers."""
    kind, led = node["Node Type"], "Index Cond" in node
    if kind == "Seq Scan" or (kind in ("Index Scan", "Index Only Scan") and not led):
        yield node["Relation Name"], kind
    for below in node.get("Plans", []):
        yield from unled(below)


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

    def explain(self, page):
        """Scans that no index leads to, among everything this page asks: [(table, kind of scan, statement)]."""
        with Explained() as explained:
            self.pages[page]()
        return {"asked": explained.asked, "unled": explained.unled}

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
    os._exit(0)  # the pool's threads would be waited for


if __name__ == "__main__":
    main()
