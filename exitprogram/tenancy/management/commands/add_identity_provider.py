"""``add_identity_provider siths --name SITHS --issuer https://… --client-id … --acr …``: the secret comes on stdin."""

import sys
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from requests import RequestException

from exitprogram.tenancy.egress import require_allowed
from exitprogram.tenancy.identities import sealed_secret
from exitprogram.tenancy.models import Authority, IdentityProvider
from exitprogram.tenancy.oidc import SIGNATURES
from exitprogram.tenancy.owner import as_owner


class Command(BaseCommand):
    help = (
        "Lägg upp eller ändra en identitetsleverantör (SITHS, Freja, kommunens egen). Klienthemligheten ges på stdin."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="kort namn i adressen, t.ex. siths")
        parser.add_argument("--name", required=True, help="som det står på knappen")
        parser.add_argument("--issuer", required=True, help="precis som leverantören skriver den")
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--acr", nargs="*", default=[], help="tillitsnivåer som räcker, t.ex. …/loa3")
        parser.add_argument("--amr", nargs="*", default=[], help="sätt av vilka ett krävs")
        parser.add_argument("--algorithms", nargs="+", default=["RS256", "PS256", "ES256"], choices=SIGNATURES)
        parser.add_argument("--hosts", nargs="*", default=[], help="fler värdar för leverantörens adresser")
        parser.add_argument("--only-way-for", nargs="*", default=[], help="e-postdomäner utan annan väg in")
        parser.add_argument("--authority", help="nämndens namn, om bara dess personal får använda den")
        parser.add_argument("--close", action="store_true", help="ingen loggar in så längre")

    def handle(self, *args, slug, issuer, authority, close, **options):
        if not options["acr"] and not options["amr"]:
            raise CommandError("Säg hur stark inloggningen måste vara: --acr eller --amr.")
        self._require_addresses(issuer, options["hosts"])
        board = self._board(authority)
        secret = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
        values = {name: options[name] for name in ("name", "client_id", "acr", "amr", "algorithms", "hosts")}
        values["only_way_for"] = [domain.lower() for domain in options["only_way_for"]]
        with as_owner():
            provider = IdentityProvider.objects.filter(slug=slug).first() or IdentityProvider(slug=slug)
            if provider.issuer not in ("", issuer):
                raise CommandError("Utfärdaren kan inte bytas: kopplingarna gäller den. Lägg upp en ny, stäng den här.")
            for name, value in values.items():
                setattr(provider, name, value)
            provider.issuer, provider.authority, provider.is_open = issuer, board, not close
            provider.secret = sealed_secret(provider.pk, secret) or provider.secret
            provider.save()
        self.stdout.write(f"{provider.name}: {'stängd' if close else 'öppen'}. Svarsadress: /logga-in/{slug}/svar/")

    @staticmethod
    def _require_addresses(issuer, hosts):
        try:
            require_allowed(issuer, {urlsplit(issuer).netloc})
        except (RequestException, ValueError):
            raise CommandError("Utfärdaren ska vara en adress som börjar med https://.") from None
        if wrong := [host for host in hosts if "/" in host or "@" in host or not host]:
            raise CommandError(f"Skriv bara värdnamn, inte {', '.join(wrong)}.")

    @staticmethod
    def _board(name):
        board = Authority.objects.filter(name=name).first() if name else None
        if name and board is None:
            raise CommandError(f"Det finns ingen nämnd, region eller part som heter {name}.")
        return board
