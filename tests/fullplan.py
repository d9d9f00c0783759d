"""A usual plan with everything written: five goals, ten measures, three sections, earlier versions."""

from datetime import timedelta

from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.world import today

GOALS = [
    ("housing", "Ett ställe där ingen har nyckel", "Eget boende senast i april", [
        ("Skyddat boende", "social", "leo", 0, 60, "ongoing"),
        ("Bostadssocialt kontrakt", "social", "leo", 60, None, "planned"),
    ]),
    ("health", "Sova en hel natt", "Sover minst sex timmar utan att vakna", [
        ("Traumafokuserade samtal", "health", "sara", 7, 180, "planned"),
        ("Provtagning för hiv och andra könssjukdomar", "health", "sara", 0, 14, "done"),
    ]),
    ("livelihood", "Egna pengar på eget konto", "Försörjning utan ersättning för sex från mars", [
        ("Ekonomiskt bistånd under omställningen", "social", "anna", 0, 90, "ongoing"),
        ("Traumabehandling på thai", "health", None, None, None, "not_available"),
    ]),
    ("debts", "Våga öppna breven", "Samlad bild av skulderna och en ansökan om skuldsanering", [
        ("Budget- och skuldrådgivning", "social", "leo", 14, 120, "planned"),
        ("Ansökan om skuldsanering", "other", None, 120, None, "planned"),
    ]),
    ("network", "Någon som vet hur det är", "Träffar sin mentor varje vecka", [
        ("Mentor med egen erfarenhet", "other", "mika", 0, 180, "ongoing"),
        ("Besök hos dottern varannan lördag", "social", "anna", 0, 180, "ongoing"),
    ]),
]  # fmt: skip
TEXTS = {
    "what_matters": "Jag vill sova en hel natt och hämta min dotter från förskolan själv, utan att se mig om.",
    "current_situation": "Bor hos en väninna sedan september. Har sagt upp den gamla telefonen. Två av tre skulder är "
                         "hos Kronofogden och breven ligger oöppnade.",
    "strengths": "Har lämnat en gång förut. Systern i Gävle. Kommer alltid i tid och säger ifrån när något blir fel.",
    "own_part": "Ringer mottagningen själv. Skriver upp vad som händer på kvällarna och tar med det till samtalen.",
    "others_note": "Systern följer med till tandläkaren. Kronofogden förklarar vad som går att ansöka om.",
    "risk_plan": "Om han hör av sig: svara inte, ring Anna eller 112. Väskan står packad hos systern.",
    "participation": "Maria satt med hela tiden, valde orden i målen själv och strök det hon inte kände igen.",
}  # fmt: skip


def write_full_plan(world):
    """Maria's draft, version 3, in a world with a team; everything in place."""
    world.consent(), world.coordinator()
    members = {name: world.join(getattr(world, name)) for name in ("leo", "sara", "mika")}
    for recipient in (world.region, world.partner):
        world.waiver(recipient, *(goal[0] for goal in GOALS))
    with acting(world.anna):
        version = plans.start_plan(by=world.anna, case=world.case)
        for area, own, wording, measures in GOALS:
            goal = plans.add_goal(by=world.anna, plan_version=version, area=area, own_words=own, wording=wording)
            for measure in measures:
                _measure(world, members, goal, *measure)
        version = plans.save_version(
            by=world.anna, plan_version=version, expected=None, lead_principal=world.bollnas,
            ends_on=today() + timedelta(days=270), follow_up_on=today() + timedelta(days=56), **TEXTS,
        )  # fmt: skip
        version = plans.agree_version(by=world.anna, plan_version=version)
        version = plans.new_version(by=world.anna, plan=version.plan)
        sara, mika = members["sara"], members["mika"]
        for member, area in ((sara, "health"), (sara, "livelihood"), (mika, "network")):
            plans.request_section(
                by=world.anna, plan_version=version, member=member, area=area, question="Vad kan ni göra, och när?"
            )
        return plans.save_version(
            by=world.anna, plan_version=version, expected=None, follow_up_on=today() + timedelta(days=84)
        )


def _measure(world, members, goal, title, kind, who, starts, ends, status):
    principal = {"social": world.bollnas, "health": world.region}.get(kind)
    day = {True: lambda _: None, False: lambda days: today() + timedelta(days=days)}
    plans.add_measure(
        by=world.anna, goal=goal, title=title, principal_kind=kind, principal=principal,
        other_name="" if principal else "Föreningen Nya Steg" if who else "Kronofogden",
        responsible=members.get(who), responsible_text="" if who in members else "Anna Berg" if who else "",
        starts_on=day[starts is None](starts), ends_on=day[ends is None](ends), status=status,
        need="Tryggt" if status == "not_available" else "",
        why_not="Ingen behandlare talar thai" if status == "not_available" else "",
    )  # fmt: skip
