"""The short questionnaire about the plan itself: data, voluntary, and nothing is added up."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Questionnaire:
    edition: str
    questions: dict  # {id: text}
    answers: dict  # {code: label}

    def in_words(self, given):
        """[(question, answer)] of those that were answered."""
        return [(text, self.answers[given[name]]) for name, text in self.questions.items() if given.get(name)]


@functools.cache
def questionnaire():
    told = tomllib.loads((Path(__file__).parent / "experience.toml").read_text())
    return Questionnaire(
        told["edition"], {one["id"]: one["text"] for one in told["question"]},
        {one["code"]: one["label"] for one in told["answer"]},
    )  # fmt: skip
