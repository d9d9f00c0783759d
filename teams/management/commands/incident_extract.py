"""``incident_extract --member anna@… --since 2026-11-20 --until 2026-11-22 --reference "SN 2026:17" --to x.xlsx``."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from psycopg import DataError

from exitprogram.embedded.places import write_private
from exitprogram.sheets.book import book, cleaned
from teams.incident import ABOUT, HEADER, extract, write_down

REFERENCE = re.compile(r"[A-ZÅÄÖa-zåäö]{0,6}[ ]?\d{4}[:/-]\d{1,8}")
SWEDISH = ZoneInfo("Europe/Stockholm")


class Command(BaseCommand):
    help = "Vems uppgifter, vilka, vem och när: loggens svar vid en incident, till en fil. Själva uttaget loggas."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--member", help="e-postadress: en stulen session, dator eller ett lösenord")
        what.add_argument("--token", help="id för en nyckel till API:et")
        what.add_argument("--row", help="id för en handling, en kopia eller en plats")
        what.add_argument("--case", help="ärendenummer, tillsammans med --authority")
        parser.add_argument("--authority", default="", help="bara hos denna nämnd, namn precis som i systemet")
        parser.add_argument("--since", required=True, type=_moment, help="från, 2026-11-20 eller 2026-11-20T14:00")
        parser.add_argument("--until", required=True, type=_moment, help="till och med dagen, eller klockslaget")
        parser.add_argument("--reference", required=True, help="diarienummer för begäran, till exempel SN 2026:17")
        parser.add_argument("--to", required=True, help="ny fil, .xlsx eller .csv")

    def handle(self, *args, since, until, reference, to, **options):
        about = next(name for name in ABOUT if options[name])
        path = Path(to)
        if not REFERENCE.fullmatch(reference):
            raise CommandError("Diarienumret ska se ut som SN 2026:17. Skriv inget annat där.")
        if path.exists() or path.suffix not in (".xlsx", ".csv"):
            raise CommandError("Ange en ny fil som slutar på .xlsx eller .csv.")
        if about == "case" and not options["authority"]:
            raise CommandError("Ärendenummer är varje nämnds egna: ange --authority.")
        until += timedelta(days=1) if until.time() == datetime.min.time() else timedelta(0)
        try:
            found = extract(about=about, given=options[about], since=since, until=until, house=options["authority"])
        except DataError as why:
            raise CommandError("Id:t går inte att läsa.") from why
        write_down(found, about=about, reference=reference)
        _write(path, found)
        self.stdout.write(
            f"{len(found.rows)} händelser hos {len(found.authorities)} myndigheter: {len(found.people)} personer,"
            f" varav {len(found.guarded)} med skydd. Uttaget står i varje myndighets logg."
        )


def _moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=SWEDISH)


def _write(path, found):
    """Readable by the one who runs it and nobody else."""
    write_private(path, "")
    if path.suffix == ".xlsx":
        path.write_bytes(book("Incident", HEADER, found.lines()))
        return
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER, *([cleaned(value) for value in line] for line in found.lines())])
    path.write_text(text.getvalue(), encoding="utf-8-sig")
