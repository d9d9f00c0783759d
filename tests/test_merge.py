"""Two rows that are one person: who sees what before, while it stands and after, and who may put together."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from cases import operations as cases
from cases.duplicates import possible_duplicates
from cases.models import AccessBlock, Case, Individual, PersonIdentifier, PersonMerge, SafeContact
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.connections import logged_in_as
from tests.oracle import Oracle, all_rows
from tests.spellings import OFFICIAL
from tests.test_walls import unfiltered
from tests.twins import KEPT, MERGED, together
from tests.visits import Visit, sees, text_of

OF_THE_PERSON = ("cases.Individual", "cases.PersonIdentifier", "cases.SafeContact", "cases.PersonMerge")
MODELS = {"cases.Individual": Individual, "cases.PersonIdentifier": PersonIdentifier, "cases.SafeContact": SafeContact}


@pytest.fixture
def pair(world):
    """(Karin's case, Carin's case), both Anna's; Leo has Carin's. Not put together."""
    kept, merged, merge = together(world, world.anna, world.leo)
    with acting(world.anna):
        cases.undo_merge(by=world.anna, merge=merge, reason="Från början.")
    return kept, merged


def put_together(world, kept, merged, by=None):
    by = by or world.anna
    with acting(by):
        return cases.merge_people(by=by, kept=kept.individual, merged=merged.individual, reason="Samma nummer.")


def sees_of(by, case):
    """What the database lets through of this person, and what Python does."""
    found = {}
    with acting(by):
        for label, model in MODELS.items():
            column = "pk" if label == "cases.Individual" else "individual_id"
            through, said = (
                set(rows.filter(**{column: case.individual_id}).values_list("pk", flat=True))
                for rows in (model._base_manager, model.objects.visible_to(by))
            )
            assert through == said
            found[label] = len(through)
        return tuple(found.values()), Case._base_manager.filter(pk=case.pk).exists()


ALL, NONE = (1, 1, 1), (0, 0, 0)


def test_before_while_it_stands_and_after(world, pair):
    kept, merged = pair
    assert (sees_of(world.leo, kept), sees_of(world.leo, merged)) == ((NONE, False), (ALL, True))

    merge = put_together(world, kept, merged)
    assert (sees_of(world.leo, kept), sees_of(world.leo, merged)) == ((ALL, False), (ALL, True)), "no case opens by it"
    assert sees_of(world.anna, kept) == sees_of(world.anna, merged) == (ALL, True)
    for stranger in (world.maud, world.cilla, world.adam, world.sara):
        assert sees_of(stranger, kept) == sees_of(stranger, merged) == (NONE, False)

    with acting(world.leo):
        cases.undo_merge(by=world.leo, merge=merge, reason="Två systrar.")
    assert (sees_of(world.leo, kept), sees_of(world.leo, merged)) == ((NONE, False), (ALL, True))


def test_those_merged_into_one_see_each_other(world, pair):
    """Merging again into the root: three rows, one person."""
    kept, merged = pair
    third = world.open_case(individual=world.person(name="Karina D", number=OFFICIAL[0]))
    put_together(world, kept, merged)
    put_together(world, kept, third)
    assert sees_of(world.leo, third)[0] == (1, 1, 0)
    with acting(world.leo):
        assert Individual.objects.visible_to(world.leo).same_as(third.individual).count() == 3


@pytest.fixture(scope="module")
def rows(standing):
    return all_rows()


@pytest.mark.parametrize("name", ["anna", "leo", "maud", "cilla", "per", "sara"])
def test_each_wall_alone_agrees_with_the_oracle(standing, rows, name):
    """Also in test_walls, over every table; here that the rows of the merge are among what is compared."""
    who = getattr(standing, name)
    oracle = Oracle(rows, who)
    with acting(who):
        assert {label: unfiltered(label) for label in OF_THE_PERSON} == {x: oracle.ids(x) for x in OF_THE_PERSON}
    with logged_in_as("backup"), acting(who):
        for label, model in [*MODELS.items(), ("cases.PersonMerge", PersonMerge)]:
            assert set(model.objects.visible_to(who).values_list("pk", flat=True)) == oracle.ids(label)
    kept, merged, merge = standing.twins
    seen = {"anna": True, "leo": True}.get(name, False)
    assert (merge.pk in oracle.ids("cases.PersonMerge")) == seen
    assert (kept.individual_id in oracle.ids("cases.Individual")) == seen
    assert (kept.pk in oracle.ids("cases.Case")) == (name == "anna")


def refused(world, kept, merged, why, by=None):
    with pytest.raises(Refused, match=why):
        put_together(world, kept, merged, by)


def test_only_somebody_who_has_both(world, pair):
    kept, merged = pair
    for who in (world.leo, world.maud, world.cilla):
        refused(world, kept, merged, "Båda måste vara öppna för dig", who)


def test_it_is_refused_with_what_to_do(world, pair):
    kept, merged = pair
    sealed = world.open_case(individual=world.person(name="Karin Skyddad", protection="secrecy_mark"))
    refused(world, kept, sealed, "Sätt samma skydd på båda")
    refused(world, kept, kept, "två olika personer")
    third = world.open_case(individual=world.person(name="Karina D"))
    put_together(world, kept, merged)
    refused(world, third, merged, "redan sammanförd")
    refused(world, third, kept, "redan sammanförd")
    refused(world, merged, third, "För ihop med den i stället")
    with acting(world.anna), pytest.raises(Refused, match="Skriv hur ni vet"):
        cases.merge_people(by=world.anna, kept=kept.individual, merged=third.individual, reason=" ")


def write(by, kept, merged, **more):
    """Straight into the table, past the operation."""
    with acting(by), transaction.atomic():
        PersonMerge.objects.create(
            authority_id=by.authority_id, kept_id=kept, merged_id=merged, merged_by_id=more.get("as_", by).pk
        )


def test_the_database_says_the_same(world, pair):
    kept, merged = pair
    sealed = world.open_case(individual=world.person(name="Karin Skyddad", protection="secrecy_mark"))
    third = world.open_case(individual=world.person(name="Karina D"))
    theirs = world.open_case(world.cilla, world.person(world.cilla, "Elsa Annanstans"))
    a, b, c = kept.individual_id, merged.individual_id, third.individual_id
    tries = [(world.leo, a, b, {}), (world.maud, a, b, {}), (world.sara, a, b, {}), (world.anna, a, a, {})]
    tries += [(world.anna, a, sealed.individual_id, {}), (world.anna, a, theirs.individual_id, {})]
    tries += [(world.anna, a, b, {"as_": world.leo})]
    for by, one, other, more in tries:
        with pytest.raises((ProgrammingError, IntegrityError)):
            write(by, one, other, **more)
    merge = put_together(world, kept, merged)
    for one, other in ((c, b), (c, a), (b, c)):
        with pytest.raises((ProgrammingError, IntegrityError)):
            write(world.anna, one, other)
    for column, value in (("kept_id", c), ("merged_by_id", world.leo.pk)):
        with acting(world.anna), pytest.raises(IntegrityError), transaction.atomic():
            PersonMerge.objects.filter(pk=merge.pk).update(**{column: value})
    with acting(world.maud), transaction.atomic():
        assert PersonMerge._base_manager.filter(pk=merge.pk).update(undone_by_id=world.maud.pk) == 0


def test_undone_stays_undone(world, pair):
    merge = put_together(world, *pair)
    with acting(world.anna):
        cases.undo_merge(by=world.anna, merge=merge, reason="Två systrar.")
        with pytest.raises(Refused, match="redan tagna isär"):
            cases.undo_merge(by=world.anna, merge=merge, reason="Två systrar.")
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonMerge.objects.filter(pk=merge.pk).update(undone_at=None, undone_by=None)
    put_together(world, *pair)  # and can be put together anew


def test_the_kept_name_is_shown_and_each_number_finds_both(world, pair):
    kept, merged = pair
    put_together(world, kept, merged)
    leo = Visit(world.leo)
    assert sees(leo.get("plans:person", merged), "Karin D.", "Kanarietext", "Också känt om samma person", "Kanariekod")
    page = leo.get("cases:person_edit", merged)
    assert sees(page, "19850828-2392", "19600581-2380", "sammanförd")
    assert sees(leo.get("cases:list"), ">Karin Dubbel</a>")
    for number in (KEPT, MERGED):
        found = text_of(Visit(world.anna).search(number))
        assert kept.number in found and merged.number in found
    found = text_of(leo.search("Karin Dubbel"))
    assert merged.number in found and "Inte öppet för dig" in found, "the other case stays closed"


def test_protection_of_the_one_is_protection_of_both(world, pair):
    kept, merged = pair
    put_together(world, kept, merged)
    assert sees(Visit(world.maud).search("Dub"), "Karin Dubbel"), "data that could show"
    given = {"alias": "", "birth_date": None, "language": "svenska", "needs_interpreter": False}
    with acting(world.leo):
        cases.save_person(by=world.leo, case=merged, version=1, name="Karin Dubbel", protection="secrecy_mark", **given)
    with acting(world.anna):
        assert set(Individual.objects.visible_to(world.anna).same_as(kept.individual).values_list(
            "guarded", "name", "search_key", "sound_key")) == {(True, "", "", "")}  # fmt: skip
    for query in ("Karin Dubbel", "Carin Dubell", KEPT, MERGED, kept.number, merged.number):
        assert sees(Visit(world.maud).search(query), "Ingen träff hos er.")


def test_a_block_goes_for_both(world, pair):
    """She who may know nothing of the one may know nothing of the other, once they are one."""
    kept, merged = pair
    with acting(world.anna):
        AccessBlock.objects.create(
            authority_id=world.anna.authority_id, case=kept, user=world.leo.user, kind="kin", set_by=world.anna
        )
    assert sees_of(world.leo, merged) == (ALL, True)
    put_together(world, kept, merged)
    assert sees_of(world.leo, kept) == sees_of(world.leo, merged) == (NONE, False)


def test_each_is_written_in_the_log_of_both_cases(world, pair):
    kept, merged = pair
    merge = put_together(world, kept, merged)
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM audit_auditevent WHERE object_id = %s AND action = 'person.merged'", [merge.pk]
        )
        assert {row[0] for row in cursor.fetchall()} == {kept.pk, merged.pk}


def test_one_case_in_a_programme_also_of_two_rows(world, pair):
    kept, merged = pair
    put_together(world, kept, merged)
    with acting(world.anna), pytest.raises(Refused, match="redan ett öppet ärende"):
        cases.open_case(
            by=world.anna, individual=kept.individual, programme="adult", contact_way="self",
            target_group="prostitution",
        )  # fmt: skip


# Possible duplicates


def reasons(by, case):
    with acting(by):
        return {found.individual.shown_name: found.reasons for found in possible_duplicates(by, case)}


def test_what_speaks_for_one_person(world):
    case = world.open_case(individual=world.person(name="Maria Karlsson", birth_date=None, number=OFFICIAL[0]))
    for name, more in {
        "Maria Lovisa Karlsson": {}, "Marja Carlson": {}, "Mia": {"birth_date": case.individual.birth_date},
        "Maria Nilsson": {}, "Nils Karlsson": {},
    }.items():  # fmt: skip
        world.open_case(individual=world.person(name=name, **more))
    world.open_case(world.leo, world.person(world.leo, "Maria Karlsson"))
    assert reasons(world.anna, case) == {
        "Maria Lovisa Karlsson": ["samma namn"], "Marja Carlson": ["namn som låter lika"], "Mia": ["samma födelsedag"],
    }  # fmt: skip
    assert reasons(world.leo, case) == {}


def test_side_by_side_put_together_and_taken_apart_in_the_browser(world, pair):
    kept, merged = pair
    anna = Visit(world.anna)
    assert sees(anna.get("cases:person_edit", merged), "1 annan person som du har liknar den här.")
    page = anna.get("cases:duplicates", merged)
    assert sees(page, "Namn som låter lika", "Karin Dubbel", "Carin Dubell", "19850828-2392", "OSL 21:3", kept.number)
    assert anna.logged()[-2:] == ["person.compared", "case.viewed.duplicates"]
    wrong = anna.post("cases:merge", merged, kept.individual, reason="Samma röst.")
    assert sees(wrong, "Samma röst.", "Något behöver rättas")
    sent = {"keep": kept.individual_id, "reason": "Samma röst."}
    assert anna.post("cases:merge", merged, kept.individual, **sent).status_code == 302
    with acting(world.anna):
        merge = PersonMerge.objects.standing().get()
    assert (merge.kept_id, merge.merged_id, merge.reason) == (kept.individual_id, merged.individual_id, "Samma röst.")
    page = anna.get("cases:duplicates", kept)
    assert sees(page, "Visas som en person", "Samma röst.", "Anna Berg", "Ingen annan person")
    assert Visit(world.leo).get("cases:merge_undo", merged, merge).status_code == 200
    assert Visit(world.maud).get("cases:merge_undo", merged, merge).status_code == 404
    assert anna.post("cases:merge_undo", kept, merge, reason="Fel.").status_code == 302
    assert anna.post("cases:merge_undo", kept, merge, reason="Fel.").status_code == 404
