"""``export_plan <case number> --recipient … --out plan.pdf``: same copy, rules and log as the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.models import Case
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting, acting_as_system, acting_as_user
from exitprogram.tenancy.models import Authority, Membership, User
from plans.exports import recipients, version_in_force
from plans.languages import SWEDISH, codes
from plans.operations import release_copy
from teams.models import CoordinatorAppointment


class Command(BaseCommand):
    help = "Lämna ut en numrerad kopia av planen som PDF."

    def add_arguments(self, parser):
        parser.add_argument("case", help="ärendenummer, t.ex. 2026-0001")
        parser.add_argument("--recipient", default="individual", help="individual, own, eller del av mottagarens namn")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--authority", help="nämndens namn, om flera har ett ärende med det numret")
        parser.add_argument("--language", default=SWEDISH, choices=codes(), help="de fasta texterna i personens kopia")
        parser.add_argument("--safe", action="store_true", help="personens egna ord och nästa dag, inget annat")
        parser.add_argument("--by", help="e-post för den som lämnar ut; annars ärendets samordnare")

    def handle(self, *args, case, recipient, out, authority, by, language, safe, **options):
        membership = self._acting_for(case, authority, by)
        with acting(membership):
            found = Case.objects.visible_to(membership).filter(number=case).first()
            version = version_in_force(membership, found)
            if found is None or version is None:
                raise CommandError("Ärendet finns inte, har ingen plan, eller är inte öppet för den som lämnar ut.")
            key = self._key(found, recipient)
            try:
                data, copy = release_copy(
                    by=membership, plan_version=version, recipient_key=key, language=language, safe=safe, via="command"
                )
            except Refused as why:
                raise CommandError(str(why))
            out.write_bytes(data)
        self.stdout.write(f"Kopia {copy.copy_number} av version {version.number} ligger i {out}.")

    @staticmethod
    def _key(case, wanted):
        exact = [r.key for r in recipients(case) if wanted == r.key]
        partly = [r.key for r in recipients(case) if wanted.lower() in r.name.lower()]
        if len(exact or partly) != 1:
            known = ", ".join(f"{r.key if r.kind != 'member' else r.name}" for r in recipients(case))
            raise CommandError(f"Mottagaren känns inte igen eller saknar samtycke. Det går att lämna till: {known}.")
        return (exact or partly)[0]

    def _acting_for(self, number, authority, email):
        if email:
            user = User.objects.filter(email=email.lower()).first()
            if user is None:
                raise CommandError("Det finns ingen med den e-postadressen.")
            with acting_as_user(user):
                mine = Membership.objects.filter(user=user).in_force(on=timezone.localdate())
                mine = [m for m in mine.select_related("authority") if not authority or m.authority.name == authority]
            if len(mine) != 1:
                raise CommandError("Ange med --authority i vilket uppdrag.")
            return mine[0]
        return self._coordinator(number, authority)

    @staticmethod
    def _coordinator(number, authority):
        boards = Authority.objects.filter(kind__in=["social_board", "joint_board"])
        found = []
        for board in boards.filter(name=authority) if authority else boards:
            with acting_as_system(board):
                held = CoordinatorAppointment.objects.coordinators().on_day(timezone.localdate())
                found += list(held.filter(case__number=number).select_related("membership__authority"))
        if len(found) != 1:
            raise CommandError("Ange nämnd med --authority, eller vem som lämnar ut med --by.")
        return found[0].membership
