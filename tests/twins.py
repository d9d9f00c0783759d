"""Two rows of one person in each board, put together by the one who has both; a colleague has only the second."""

from cases import operations as cases
from exitprogram.tenancy.acting import acting

KEPT, MERGED = "198508282392", "196005812380"  # of the official test numbers, a personal and a coordination number


def everything(world):
    world.twins = together(world, world.anna, world.leo)
    world.twins_elsewhere = together(world, world.cilla, world.per)


def together(world, by, colleague):
    """(the kept one's case, the merged one's case, the merge)"""
    kept = world.open_case(by, world.person(by, "Karin Dubbel", number=KEPT))
    merged = world.open_case(by, world.person(by, "Carin Dubell", number=MERGED))
    with acting(by):
        cases.grant_access(by=by, case=merged, membership=colleague, kind="named", reason="ersätter")
        for case, word in ((kept, "Kanariekod"), (merged, "Kanarietext")):
            cases.save_safe_contact(
                by=by, case=case, version=0, channels="sms", hours="", code_word=word, never_answer="",
                may_leave_message=False,
            )  # fmt: skip
        merge = cases.merge_people(by=by, kept=kept.individual, merged=merged.individual, reason="Kanarieskäl")
    return kept, merged, merge
