"""Logs as lines of JSON with an allow-list of keys: a value that nobody listed is not written."""

import structlog

ALLOWED = {"event", "level", "logger", "timestamp", "request_id", "method", "route", "status", "ms", "count", "task",
           "exception"}  # fmt: skip


def only_listed(_logger, _method, fields):
    return {key: value for key, value in fields.items() if key in ALLOWED}


def without_values(_logger, _method, fields):
    """A traceback's last line can quote data ("DETAIL: Key (name)=(…)"): keep the place and the kind of fault."""
    found = fields.pop("exc_info", None)
    if found and found is not True:
        kind, _error, trace = found
        frames = []
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
            trace = trace.tb_next
        fields["exception"] = f"{kind.__name__} vid {' '.join(frames[-6:])}"
    return fields


def formatter():
    shared = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_values,
            only_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        pass_foreign_args=False,
    )
