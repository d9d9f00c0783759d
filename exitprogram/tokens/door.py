"""The door of every API view: the token says whose acting it is, then everything goes as on a page. No cookie opens it.

A view declares ``access`` (permissions, as ``@allow``; or "public") and ``scope``. A handler that writes stands under
``@once_per_key``. Guards in ``tests/test_guards_api.py`` fail on one without."""

import functools
import hmac
import ipaddress
import logging

from django.conf import settings
from django.db import connection, transaction
from django.http import UnreadablePostError
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from exitprogram.tenancy import roles
from exitprogram.tenancy.access import client_address
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import Membership, User
from exitprogram.tokens.keys import digest_of
from exitprogram.tokens.models import ApiRequest, ApiToken
from exitprogram.tokens.operations import use_token
from exitprogram.tokens.problems import Problem, problem, problem_of
from exitprogram.tokens.throttle import Limits, limit_headers

LOG = logging.getLogger(__name__)


class Always(BaseContentNegotiation):
    """There is one form of each answer, so what a client says it would like changes nothing."""

    def select_parser(self, request, parsers):
        return next((parser for parser in parsers if parser.media_type == request.content_type.split(";")[0]), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    access, scope = frozenset(), None
    authentication_classes, permission_classes, throttle_classes = (), (), (Limits,)
    renderer_classes, parser_classes = (JSONRenderer,), (JSONParser,)
    content_negotiation_class, metadata_class = Always, None
    pagination_class = None
    http_method_names = ("get", "head", "post")  # and no OPTIONS, which ``Allow`` would otherwise name

    @classmethod
    def as_view(cls, **more):
        view = super().as_view(**more)
        view.access, view.api = cls.access, cls
        return view

    def dispatch(self, request, *args, **kwargs):
        """One transaction for identity, answer and log; a fault anywhere undoes all of it."""
        if self.access == "public":
            self.throttle_classes = ()
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            found = holder(request)
            if found is None:
                return problem(request, "unauthorised", headers={"WWW-Authenticate": "Bearer"})
            with acting(found):
                request.acting, request.token = found, ApiToken.objects.visible_to(found).get(pk=found.token_id)
                response = super().dispatch(request, *args, **kwargs)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                for name, value in limit_headers(getattr(request, "limits", ())).items():
                    response.headers[name] = value
                return response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)  # counts
        if self.access == "public":
            return
        use_token(by=request.acting, token=request.token)
        if self.scope_of(request) not in request.token.scopes:
            raise Problem("out-of-scope")
        if not any(roles.may(request.acting, permission) for permission in self.access):
            raise Problem("forbidden")

    def scope_of(self, request):
        return self.scope

    def handle_exception(self, exc):
        answer = problem_of(self.request, exc)
        if answer is None:
            LOG.exception("api fault")
            return problem(self.request, "fault")
        return answer


def holder(request):
    """The membership of the token in the Authorization header, with ``token_id``; or None. One answer for every way in
    which a key does not hold."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    address = _address(request)
    if kind.lower() != "bearer" or not secret or address is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token_id, user_id, membership_id FROM wall.token_holder(%s, %s::inet)",
            [digest_of(secret.strip()), address],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, user_id, membership_id = row
    with acting_as_user(User(pk=user_id)):
        mine = Membership.objects.filter(pk=membership_id, user_id=user_id).in_force(on=timezone.localdate())
        found = mine.select_related("authority", "user").first()
    if found is not None:
        found.token_id = token_id
    return found


def _address(request):
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def once_per_key(handler):
    """A call that writes is carried out once per Idempotency-Key. The handler gives the row that came of it and
    ``self.shown(request, id)`` the answer, the first time and again. The same key for another call is refused; a call
    that was refused frees its key."""

    @functools.wraps(handler)
    def inner(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key", "")
        if not 0 < len(key) <= 100 or not key.isascii() or not key.isprintable():
            raise Problem("idempotency-key-missing")
        call = b"\n".join((request.method.encode(), request.path.encode(), _body(request)))
        with transaction.atomic():
            claim = ApiRequest(
                authority_id=request.acting.authority_id, membership=request.acting, token=request.token,
                key_digest=_keyed(key.encode()), call_digest=_keyed(call),
            )  # fmt: skip
            ApiRequest.objects.bulk_create([claim], ignore_conflicts=True)  # waits for one that is under way
            mine = ApiRequest.objects.visible_to(request.acting)
            before = mine.get(token=request.token, key_digest=claim.key_digest)
            if bytes(before.call_digest) != claim.call_digest:
                raise Problem("idempotency-key-reused")
            if before.pk == claim.pk:
                made = handler(self, request, *args, **kwargs)
                mine.filter(pk=claim.pk).update(made_id=made.pk)
                before.made_id = made.pk
        response = self.shown(request, before.made_id)
        response.headers["Idempotent-Replayed"] = "false" if before.pk == claim.pk else "true"
        return response

    inner.once = True
    return inner


def _body(request):
    try:
        return request._request.body
    except (ValueError, UnreadablePostError):  # a length that is no number; a caller that has hung up
        raise Problem("bad-request") from None


def _keyed(value):
    """A body can hold few enough words to be guessed from a bare hash."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"exitprogram.api|" + value, "sha256")
