"""The languages of the individual's copy: the fixed texts are translated, what people wrote stays as written.

One TOML file per language, all with the same keys (a test asks). ``swedish`` is the language's name on our screens.
"""

import functools
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent
SWEDISH = "sv"


@functools.cache
def words(code):
    """Fixed texts of one language, as a dict. Raises KeyError for a language that there is none of."""
    if code not in codes():
        raise KeyError(code)
    return {"code": code, **tomllib.loads((FOLDER / f"{code}.toml").read_text())}


@functools.cache
def codes():
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def choices():
    """(code, Swedish name), Swedish first."""
    return sorted(((code, words(code)["swedish"]) for code in codes()), key=lambda pair: (pair[0] != SWEDISH, pair[1]))


def code_of(language):
    """The code of a language as it stands on the person's page («rumänska»); Swedish when we have no texts in it."""
    wanted = language.strip().casefold()
    return next((code for code in codes() if words(code)["swedish"] == wanted), SWEDISH)
