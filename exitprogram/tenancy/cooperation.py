"""What the law asks of an agreement between authorities, by the rules of its first day, and who works with whom."""

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Q

from exitprogram.errors import Refused
from exitprogram.law.rules import NoRule, rule
from exitprogram.tenancy.models import Authority, CooperationAgreement

Ground = CooperationAgreement.Ground


def rule_of(ground, *, on):
    """The rule of the ground that day; Refused when the law did not have it yet."""
    try:
        return rule(f"cooperation.{ground}", on=on)
    except NoRule:
        raise Refused("Lagen medgav inte den grunden den dagen.")


def allowed_kinds(ground, *, on):
    """Kinds of authority that can be a party on this ground that day."""
    return rule_of(ground, on=on).values["parties"]


def require_parties(by, parties, ground, *, on):
    """At least two, each once, of the kinds that the ground is for."""
    if len(parties) < 2:
        raise Refused("Välj minst en annan part.")
    if len({party.pk for party in parties}) < len(parties):
        raise Refused("Välj en annan part än den egna nämnden, och varje part en gång.")
    law = rule_of(ground, on=on)
    for party in parties:
        if party.kind not in law.values["parties"]:
            raise Refused(f"{party.name} kan inte vara part i {Ground(ground).label}. {law.text} ({law.citation})")
    for group in law.values.get("needs", []):
        if not any(party.kind in group for party in parties):
            raise Refused(f"{law.text} ({law.citation})")


def require_mandates(ground, *, on):
    law = rule_of(ground, on=on)
    if not law.values.get("mandates"):
        raise Refused("Mandat att besluta åt en annan nämnd ges bara i avtalssamverkan (9 kap. 37 § kommunallagen).")


def require_no_other(parties, ground, programmes, starts_on, ends_on, *, by, agreed=False):
    """No second one of the same kind between two of the same parties, for the same programme and days. ``agreed``: only
    one that all have signed stands in the way; a proposal that waits may still be turned down."""
    found = CooperationAgreement.objects.visible_to(by).filter(ground=ground).filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on)
    )  # fmt: skip
    found = found.filter(starts_on__lte=ends_on) if ends_on else found
    ids = {party.pk for party in parties}
    for other in (found.agreed() if agreed else found.standing()).prefetch_related("parties__party_authority"):
        same = [side for side in other.parties.all() if side.party_authority_id in ids and _stays(side, starts_on)]
        if len(same) > 1 and (set(other.programmes) & set(programmes) or not (other.programmes or programmes)):
            names = " och ".join(side.party_authority.name for side in same)
            until = f" till och med {other.ends_on:%Y-%m-%d}" if other.ends_on else ""
            raise Refused(
                f"{names} har redan en sådan överenskommelse från {other.starts_on:%Y-%m-%d}{until}. Två av samma slag"
                " kan inte gälla samtidigt för samma program. Säg upp den eller välj andra dagar."
            )


def _stays(side, on):
    return side.leaves_on is None or side.leaves_on >= on


def overseer_of(by, overseer, parties):
    """Whose regional coordinator has the oversight: one of the parties' social boards, by default one's own."""
    chosen = overseer or by.authority
    if chosen.pk not in {party.pk for party in parties} or not chosen.is_social:
        raise Refused("Insynen har regionkoordinatorn hos en av parternas socialnämnder. Välj vilken.")
    return chosen


def earliest_leave(agreement, *, on):
    """The first day that can be a party's last when it gives notice today."""
    return on + relativedelta(months=agreement.notice_months)


def tell_parties(agreement):
    """The other parties' administrators get a neutral mail that something has happened. How many of the parties have
    nobody to tell; the room above answers in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.tell_parties(%s)", [agreement.pk])
        return cursor.fetchone()[0]


def joint_board_of(agreement):
    """The joint board that the parties' municipalities have together, when it has been registered; else None."""
    if agreement.ground != Ground.KL_9_19:
        return None
    sides = [side.party_authority for side in agreement.parties.select_related("party_authority")]
    codes = {one.code for side in sides for one in side.municipalities.all()}
    boards = Authority.objects.filter(kind=Authority.Kind.JOINT_BOARD).prefetch_related("municipalities")
    return next((board for board in boards if codes and codes == set(_codes(board))), None)


def municipalities_of(board):
    """Of a joint board, by name."""
    return sorted(one.short_name for one in board.municipalities.all())


def _codes(board):
    return [one.code for one in board.municipalities.all()]


def oversight_for(by, *, on):
    """{authority's id: level} of what a regional coordinator of this authority may follow there that day. None of it
    opens a case."""
    watched = CooperationAgreement.objects.visible_to(by).in_force(on=on).filter(overseer_id=by.authority_id)
    found = {}
    for agreement in watched.prefetch_related("parties"):
        sides = {side.party_authority_id: side for side in agreement.parties.all() if _stays(side, on)}
        if by.authority_id in sides:
            for other in set(sides) - {by.authority_id}:
                levels = {found.get(other), agreement.oversight}
                found[other] = "flow" if "flow" in levels else agreement.oversight
    return found


def choosable(by, ground, *, on):
    """Authorities that can be asked on this ground, the own county's first."""
    kinds = allowed_kinds(ground, on=on)
    found = Authority.objects.filter(kind__in=kinds).exclude(pk=by.authority_id).select_related("region")
    own = by.authority.region_id
    return sorted(found, key=lambda a: (a.region_id != own, a.region.county_name if a.region else "", a.kind, a.name))
