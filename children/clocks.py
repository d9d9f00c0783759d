"""What is watched about a child. Each is done by an act of its own, and two are moved by a decision and nothing else;
what it takes is in ``children/sql/reports.sql``. Their labels, in lists of many cases, say nothing of
a child."""

from cases.clocks import declare
from exitprogram.tenancy.roles import Permission

# One who is in by an emergency receives a report and assesses the protection: that cannot wait for anybody.
AT_ONCE = {"permission": Permission.WRITE_NOTE, "in_emergency": True, "outsiders": "wall.my_report(subject)"}


def _of_court(code, label, rolls=True):
    return declare(
        code, label, moves=False, page="children:court", anchored=True, widely=True, rolls=rolls, at_once="same_day",
        ends="Bevakningen blir klar när steget är skrivet under Domstol och nämnd.",
        settled=f"wall.court_settled('{code}', subject)",
    )  # fmt: skip


class ChildClock:
    PROTECTION = declare(
        "child_protection", "Bedömning genast", moves=False, page="children:report", of_subject=True,
        button="Bedöm", at_once="same_day",
        ends="Bevakningen blir klar när skyddsbedömningen är signerad (20 kap. 1 § SoL).",
        settled="wall.child_protected(subject)", **AT_ONCE,
    )  # fmt: skip
    OPENING = declare(
        "child_opening", "Ställningstagande", moves=False, page="children:report", of_subject=True,
        button="Ta ställning", rolls=True,
        ends="Bevakningen blir klar när det är beslutat om utredning ska inledas (20 kap. 2 § SoL).",
        settled="wall.child_report_answered(subject)", moved_by="wall.child_opening_until(subject)", **AT_ONCE,
    )  # fmt: skip
    INVESTIGATION = declare(
        "child_investigation", "Utredning", moves=False, page="children:investigation", of_subject=True, rolls=True,
        ends="Bevakningen blir klar när utredningen är avslutad (20 kap. 3 § SoL).",
        settled="wall.child_investigated(subject)", moved_by="wall.child_investigation_until(subject)",
    )  # fmt: skip
    TOLD = declare(
        "child_told", "Underrättelse", moves=False, page="children:investigation", of_subject=True,
        ends="Bevakningen blir klar när det är antecknat vem som är underrättad, eller varför inte (20 kap. 4 § SoL).",
        settled="wall.child_told(subject)",
    )  # fmt: skip
    FEEDBACK = declare(
        "child_feedback", "Återkoppling", moves=False, page="children:report", of_subject=True, button="Återkoppla",
        rolls=True,
        ends="Bevakningen blir klar när återkopplingen är antecknad (19 kap. 6 § SoL).",
        settled="wall.child_feedback_given(subject)", permission=Permission.WRITE_NOTE,
    )  # fmt: skip

    # In the grown-up's case, with the one who is to coordinate it.
    HANDED_OVER = declare(
        "handed_over", "Överlämning att bekräfta", moves=False, page="children:before",
        ends="Bevakningen blir klar när överlämningen är bekräftad.", settled="wall.bridge_confirmed(subject)",
    )  # fmt: skip
    # Begun by the one who opened it, and who does not hold the child's case.
    FILE_OPENED = declare(
        "file_opened", "Läst akt att gå igenom", moves=False, page="plans:readings",
        outsiders="wall.my_file_opening(subject)", begun_by=Permission.READ_CASE,
    )  # fmt: skip
    # Days of the board and the courts. Several are reminded of each; none is done by a press.
    COURT_SUBMIT = _of_court("court_submit", "Handling att lämna")
    COURT_ANSWER = _of_court("court_answer", "Svar att vänta in")
    COURT_APPLY = _of_court("court_apply", "Ansökan att lämna")
    COURT_HEARING = _of_court("court_hearing", "Besked att vänta in")
    COURT_BEGIN = _of_court("court_begin", "Insats att påbörja")
    COURT_REVIEW = _of_court("court_review", "Prövning att göra")
    COURT_TRANSFER = _of_court("court_transfer", "Fråga att överväga")
    COURT_HELP = _of_court("court_help", "Stöd att ordna", rolls=False)  # at once, or by habit
    AFTER_CARE = declare(
        "after_care", "Uppföljning att avsluta", moves=False, page="children:chain",
        ends="Bevakningen blir klar när uppföljningen är avslutad.", settled="wall.after_care_ended(subject)",
    )  # fmt: skip
    # Each about its own row: one time that a placement is to be considered, or what a placement begins with.
    CONSIDER = declare(
        "placement_review", "Övervägande", moves=False, page="children:placements", rolls=True,
        ends="Bevakningen blir klar när övervägandet är skrivet, eller placeringen avslutad.",
        settled="wall.considered(subject)",
    )  # fmt: skip
    HEALTH_CHECK = declare(
        "health_check", "Besked att lämna till regionen", moves=False, page="children:placements",
        ends="Bevakningen blir klar när regionen har fått veta, så att en hälsoundersökning kan erbjudas.",
        settled="wall.region_told(subject)",
    )  # fmt: skip
    CARE_PLAN = declare(
        "care_plan", "Plan att skriva", moves=False, page="children:placements",
        ends="Bevakningen blir klar när vårdplanen är signerad, eller placeringen avslutad.",
        settled="wall.care_planned(subject)",
    )  # fmt: skip
    IMPLEMENTATION_PLAN = declare(
        "implementation_plan", "Plan att skriva", moves=False, page="children:placements",
        ends="Bevakningen blir klar när genomförandeplanen är signerad, eller placeringen avslutad.",
        settled="wall.implementation_planned(subject)",
    )  # fmt: skip
    CARE_PLAN_REVIEW = declare(
        "care_plan_review", "Plan att se över", moves=False, page="children:placements", rolls=True,
        ends="Bevakningen blir klar när vårdplanen är sedd över och signerad på nytt, eller placeringen avslutad.",
        settled="wall.care_plan_seen_over(subject)",
    )  # fmt: skip
    HEALTH_OFFER = declare(
        "health_offer", "Svar att höra efter", page="children:placements",
        ends="Bevakningen blir klar när hälsoundersökningen är gjord eller avböjd, eller placeringen avslutad.",
        settled="wall.health_answered(subject)",
    )  # fmt: skip
    BARNAHUS = declare(
        "barnahus_next", "Nästa steg", page="children:consultations",
        ends="Bevakningen blir klar när det står hur nästa steg gick.", settled="wall.consultation_done(subject)",
        permission=Permission.WRITE_NOTE,
    )  # fmt: skip
    EMERGENCY_HOME = declare(
        "emergency_home", "Tid som löper ut", moves=False, page="children:placements",
        ends="Bevakningen blir klar när placeringen i jourhem är avslutad.", settled="wall.placement_ended(subject)",
    )  # fmt: skip


ALL = (ChildClock.PROTECTION, ChildClock.OPENING, ChildClock.INVESTIGATION, ChildClock.TOLD, ChildClock.FEEDBACK)
