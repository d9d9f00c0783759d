"""A guard that could be taken away without anybody noticing protects nobody: a sample in every suite, the whole by
``make mutants``."""

import gc

import pytest

from tests.mutants import filters
from tests.mutants.hands import in_a_child
from tests.mutants.policies import Questions, instead, policies
from tests.mutants.run import asked
from tests.mutants.sources import apply, mutants


class NoActs:
    """The sample asks only what is quick."""

    every = ()

    def do_not(self, _word, _model):
        return None


@pytest.fixture(scope="module")
def questions(standing):
    return Questions(standing, NoActs())


@pytest.mark.parametrize("number", range(8))
def test_a_policy_that_says_yes_is_missed(questions, number):
    """A share of the policies, each made to say yes to everybody in turn."""
    every = [policy for policy in policies() if policy.roles == "exit_app" and policy.command == "r"]
    for policy in every[number::40]:
        others = {one.what: one.other for one in policy.mutants()}
        assert questions.red(policy) is None
        if "yes to everybody" in others:
            with instead(policy, others["yes to everybody"]):
                assert questions.red(policy), policy
        assert questions.red(policy) is None, "put back"


@pytest.mark.parametrize("number", range(3))
def test_a_filter_that_gives_everything_is_missed(standing, django_db_blocker, number):
    every = [one for one in filters.found() if one.name == "visible_to"]
    with django_db_blocker.unblock():
        rows = filters.Rows(standing, NoActs())
        for one in every[number::20]:
            assert asked(lambda one=one: rows.lists(one), filters.take_away, one), one


def test_what_is_taken_out_of_the_source():
    found = list(mutants())
    assert len(found) > 200
    assert {one.kind for one in found} == {"require"}
    assert len({(one.path, one.line, one.column) for one in found}) == len(found)


def test_a_mutant_lives_in_its_child_only(standing):
    mutant = next(one for one in mutants() if one.kind == "require" and one.function == "sign_note")

    def code():
        from cases.operations import sign_note

        return sign_note.__wrapped__.__code__

    before = code()
    gc.freeze()  # as when the web's own start has been read in this process
    said = in_a_child(lambda: f"{apply(mutant)} {code() is not before}")
    assert said == "1 True"
    assert code() is before
    assert in_a_child(lambda: 1 / 0).startswith("ZeroDivisionError")
    assert in_a_child(lambda: None) == ""
    gc.unfreeze()
