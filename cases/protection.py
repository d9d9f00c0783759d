"""What to *do*, in one sentence, at the moment it matters. Never a label: what is said is an act. And the day by
which a mark is looked at again.

One sentence per moment and kind of protection. Whoever has several gets the one that asks for most.
"""

from calendar import monthrange

from exitprogram.law.rules import rule

RULE = "protection.review"
OPENING, PDF, MEETING, MESSAGE, PRINTING = "opening", "pdf", "meeting", "message", "printing"
STRICTEST_FIRST = ("local_threat", "protected_registration", "secrecy_mark")

SENTENCES = {
    OPENING: {
        "secrecy_mark": "Lämna inte ut något, inte ens att personen finns hos er, förrän du har frågat den som"
        " handlägger ärendet.",
        "protected_registration": "Säg inte namnet högt, och skriv adress, ort och skola bara under Platser, aldrig i"
        " en anteckning eller i planen.",
        "local_threat": "Ta kontakt bara så som det står under Säker kontakt, och ring aldrig upp ett nummer som du"
        " inte själv har kontrollerat.",
    },
    PDF: {
        "secrecy_mark": "Läs igenom planen innan du gör PDF:en, och lämna den bara till den som står som mottagare.",
        "protected_registration": "Kontrollera att ingen adress, ort, skola eller arbetsplats står i planen innan du"
        " gör PDF:en, och skicka den inte med post.",
        "local_threat": "Kontrollera att ingenting i planen visar var personen är, och lämna kopian bara i handen, där"
        " ingen annan kan läsa den.",
    },
    MEETING: {
        "secrecy_mark": "Skriv inget om personen i kallelsen, och kalla bara dem som måste vara med.",
        "protected_registration": "Välj en plats som inte visar var personen bor, och skriv varken ort eller namn i"
        " det som de andra får läsa.",
        "local_threat": "Bestäm hur personen kommer dit och därifrån utan att mötas av någon, innan du bokar tid och"
        " plats.",
    },
    MESSAGE: {
        "secrecy_mark": "Skriv inte personens namn i det du skickar; mottagaren loggar in och läser det som hen får.",
        "protected_registration": "Skriv varken namn, ort eller skola i det du skickar; brev går genom Skatteverkets"
        " förmedling.",
        "local_threat": "Skicka ingenting till telefon eller e-post som inte står under Säker kontakt, och låt ingen se"
        " varför du hör av dig.",
    },
    PRINTING: {
        "secrecy_mark": "Hämta papperet genast vid skrivaren och lås in det när du går ifrån det.",
        "protected_registration": "Kontrollera att inget på papperet visar var personen bor. Hämta det genast och lås"
        " in det.",
        "local_threat": "Ta inte papperet med dig ut, och ge det inte till personen utan att ha frågat om det är säkert"
        " att ha det hemma.",
    },
}  # fmt: skip


def what_to_do(person, moment):
    """The sentence for this person at this moment; '' for somebody who has no protection."""
    there = person.protected_by
    for kind in STRICTEST_FIRST:
        if kind in there:
            return SENTENCES[moment][kind]
    return ""


def next_review(kind, *, on):
    """The day by which a mark of this kind is looked at again, when nothing else is said."""
    months = on.month - 1 + rule(RULE, on=on).values["months"][kind]
    year, month = on.year + months // 12, months % 12 + 1
    return on.replace(year=year, month=month, day=min(on.day, monthrange(year, month)[1]))
