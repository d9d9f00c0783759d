"""docs/api.md: its calls work as they are written, and it names every address and scope there is."""

import json
import re
import shlex
import uuid
from pathlib import Path

import pytest
from django.conf import settings

from exitprogram.api import described
from exitprogram.tokens.models import Scope
from tests.callers import Caller
from tests.test_api import keys_of

TEXT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
CALLS = re.findall(r"^curl .*?[^\\]$", re.search(r"```sh\n(.*?)```", TEXT, re.DOTALL)[1], re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.case)


@pytest.mark.parametrize("call", CALLS, ids=[call.split("/api/")[1][:40] for call in CALLS])
def test_a_call_works_as_it_is_written(standing, db, keys, call):
    caller = Caller(standing.anna)
    for name, value in {"KEY": caller.secret, "(uuidgen)": uuid.uuid4(),
                        **{name.upper(): key for name, key in keys.items()}}.items():  # fmt: skip
        call = call.replace(f"${name}", str(value))
    words = shlex.split(call.replace("\\\n", " "))
    given = [words[place + 1] for place, word in enumerate(words) if word == "-H"]
    headers = dict(header.split(": ", 1) for header in given)
    address = words[-1].removeprefix("https://planering.example")
    if "-d" in words:
        body = words[words.index("-d") + 1]
        answer = caller.client.post(address, body, headers.pop("Content-Type"), headers=headers)
    else:
        answer = caller.client.get(address, headers=headers)
    assert answer.status_code in (200, 201), answer.content


def test_every_address_and_scope_is_there():
    row = re.findall(r"^\| (`/api.*?) \|", TEXT, re.MULTILINE)
    said = set()
    for cell in row:
        first = ""
        for one in re.findall(r"`(.*?)`", cell):
            first = first or one
            said.add(re.sub(r"<\w+>", "{}", one.replace("…", first.rstrip("/")) if one.startswith("…") else one))
    assert {re.sub(r"{\w+}", "{}", path) for path in json.loads(described())["paths"]} == said
    assert [scope for scope in Scope.values if f"`{scope}`" not in TEXT] == []
