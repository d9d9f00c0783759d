"""What an administrator sets for the authority: units, letterhead, own days of reminding."""

from cases import operations as cases
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Unit
from reporting import operations as reporting
from teams import operations as teams


def unit(admin, name="Vuxenenheten", managers=(), **more):
    with acting(admin):
        return tenancy.add_unit(by=admin, name=name, managers=list(managers), **more)


def place(admin, member, where):
    with acting(admin):
        return tenancy.place_member(by=admin, membership=member, unit=where)


def everything(admin, worker, managers):
    place(admin, worker, unit(admin, managers=managers))
    with acting(admin):
        tenancy.ask_factor_reset(by=admin, membership=worker, how="met")
        tenancy.save_letterhead(by=admin, name="Nämnden", postal="Box 1, 100 00 Orten")
        cases.save_reminder_days(by=admin, rule_id="outcome.points", warn_days=[21, 1], escalate_days=30)
        reporting.set_threshold(by=admin, least=6)
        teams.keep_report(by=admin, kind="cooperation", year=2024, paper=b"Kanarierapport")


def lead(admin, manager):
    with acting(admin):
        unit = Unit.objects.get(authority_id=admin.authority_id)
        tenancy.save_unit(by=admin, unit=unit, name=unit.name, managers=[manager])
