"""Logs as lines of JSON with an allow-list of keys: a value that nobody listed is not written, and no sentence that
somebody else has put together from values."""

import structlog

ALLOWED = {"event", "level", "logger", "timestamp", "request_id", "method", "route", "status", "ms", "count", "task",
           "exception", "notice", "anchor", "why"}  # fmt: skip
OURS = ("exitprogram", "cases", "teams", "plans", "reporting", "children")  # write constant sentences
KNOWN = ("django", "celery")  # write templates, and give the values beside them


def only_listed(_logger, _method, fields):
    return {key: value for key, value in fields.items() if key in ALLOWED}


def template_only(_logger, _method, fields):
    """The sentence as it stands in the code, never with its values in it. Of a library that may have put them in by
    itself, only the place: a message without values beside it may be str(error) or an f-string."""
    record, beside = fields["_record"], fields.pop("positional_args", None)
    if not fields["_from_structlog"]:
        room = record.name.split(".")[0]
        told = isinstance(record.msg, str) and (room in OURS or (room in KNOWN and beside))
        fields["event"] = record.msg if told else f"{record.module}:{record.lineno}"
    return fields


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
            template_only,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_values,
            only_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        pass_foreign_args=True,
        use_get_message=False,
    )
