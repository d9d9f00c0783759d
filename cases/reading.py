"""What the log says, in words for the person it is about: «läste personens sida». Code words only go in."""

PAGES = {
    "person": "personens sida", "plan": "planen", "notes": "anteckningarna", "note": "en anteckning",
    "consents": "samtycken", "consent": "ett samtycke", "contact": "säker kontakt", "team": "teamet",
    "person_edit": "uppgifter om personen", "numbers": "personens nummer", "duplicates": "om det kan vara samma person",
    "decision": "beslut", "meeting": "möten", "copies": "utlämning av planen",
    "clock": "en bevakning", "insight": "vem som kan se och har läst", "readings": "vem som har läst",
    "blocks": "vilka som är spärrade", "assessment": "en bedömning", "assessments": "bedömningarna",
    "avoid": "platser att undvika", "avoid_place": "en plats att undvika", "document": "en handling",
    "document_new": "handlingarna", "documents": "handlingarna", "identification": "en identifiering",
    "identifications": "identifieringar", "intake": "den första kontakten", "interpreter": "språk och tolk",
    "permit": "ett tillstånd", "permits": "tillstånd", "place": "en adress", "place_form": "en adress",
    "place_reveal": "en adress", "place_shown": "en adress", "places": "adresser", "protection": "skyddet",
    "residence": "var personen har rätt till stöd", "residence_edit": "var personen har rätt till stöd",
    "return": "återvändandet", "return_consent": "återvändandet", "return_edit": "återvändandet",
    "return_share": "återvändandet", "return_stop": "återvändandet", "return_travel": "återvändandet",
    "register": "vad som har lämnats ut", "disclose": "utlämning ur akten", "disclosure": "en utlämnad kopia",
    "transfer": "överflyttningen", "archive": "utlämning till arkiv", "closing": "avslutandet av ärendet",
    "together": "planen, på en skärm tillsammans",
    "support_period": "en stödperiod", "support_periods": "stödperioder", "urgent": "det akuta läget",
}  # fmt: skip
READS = {
    "person.found": "namnet, i en sökning", "person.compared": "uppgifterna, bredvid en annan persons",
    "case.listed": "namnet, i listan över ärenden",
    "person.viewed": "namnet, när ett ärende skulle öppnas", "decision.viewed": "ett beslut",
    "measure.viewed": "sina egna insatser",
    "section.viewed": "sitt eget avsnitt", "team.invitation_viewed": "en inbjudan", "document.viewed": "en handling",
    "place.revealed": "en adress, i klartext", "plan.copy_released": "lämnade ut en kopia av planen",
    "plan.bundle_released": "lämnade ut planen som fil", "plan.bundle_opened": "planen som fil, som den lämnades ut",
    "system.cases": "ärendets nummer och steg, genom ett anslutet system",
    "system.versions": "planens versioner, genom ett anslutet system",
    "system.plan": "planen, genom ett anslutet system", "system.measures": "insatserna, genom ett anslutet system",
    "system.clocks": "bevakningar, genom ett anslutet system",
    "system.recipients": "vem som kan få planen, genom ett anslutet system",
    "emergency.viewed": "granskade en nödåtkomst", "transfer.viewed": "en begäran om överflyttning",
    "disclosure.sent": "lämnade ut ur akten", "disclosure.opened": "en kopia som har lämnats ut",
    "disclosure.printed": "en kopia, på papper",
    "archive.fetched": "hämtade akten för arkivet, låst till arkivet",
    "meeting.calendar_taken": "ett mötes tid, till sin kalender",
}  # fmt: skip
DONE = {
    "emergency.opened": "öppnade ärendet", "emergency.ended": "avslutade nödåtkomsten",
    "note.begun": "började en anteckning", "note.saved": "sparade en anteckning",
    "note.signed": "signerade en anteckning", "emergency.told": "de som har ärendet fick besked",
    "intake.begun": "började på den första kontakten", "intake.saved": "skrev i den första kontakten",
    "urgent.raised": "skrev att något behövde göras nu", "urgent.handled": "skrev vad som hade gjorts",
    "assessment.begun": "började en bedömning", "assessment.saved": "sparade en bedömning",
    "assessment.signed": "signerade en bedömning",
}  # fmt: skip
VIEWED = "case.viewed."


def is_reading(action):
    return action.startswith(VIEWED) or action in READS


def words_of(action):
    """In words, also of what has no words of its own yet: then that something was opened or done, not what."""
    if action.startswith(VIEWED):
        return PAGES.get(action.removeprefix(VIEWED), "en sida i ärendet")
    return READS.get(action) or DONE.get(action) or "något annat i ärendet"
