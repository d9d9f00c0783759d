"""Every no of the API as problem details (RFC 9457), in Swedish or English by Accept-Language."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import exceptions

from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tokens import english

CONTENT_TYPE = "application/problem+json"
# code: (status, title, detail), Swedish first. Unknown and not allowed to see are one and the same.
KINDS = {
    "bad-request": (400, ("Felaktigt anrop", "Bad request"),
                    ("Anropet gick inte att läsa.", "The request could not be read.")),
    "bad-cursor": (400, ("Felaktig sidmarkör", "Bad cursor"),
                   ("Följ länkarna next och previous.", "Follow the links next and previous.")),
    "idempotency-key-missing": (400, ("Idempotency-Key saknas", "Idempotency-Key missing"),
                                ("Skicka en egen slumpad nyckel, högst 100 tecken, med varje anrop som skriver.",
                                 "Send a random key of your own, at most 100 characters, with each call that writes.")),
    "unauthorised": (401, ("Nyckeln gäller inte", "Key not valid"),
                     ("Den saknas, är okänd, har gått ut, är återkallad eller används från ett annat nätverk.",
                      "It is missing, unknown, expired, revoked or used from another network.")),
    "out-of-scope": (403, ("Utanför nyckelns räckvidd", "Out of scope"),
                     ("Nyckeln är inte gjord för det här.", "The key was not made for this.")),
    "forbidden": (403, ("Inte tillåtet", "Forbidden"),
                  ("Uppdraget ger inte rätt till det.", "The assignment does not give the right to it.")),
    "not-found": (404, ("Finns inte", "Not found"), ("Det finns inget här.", "There is nothing here.")),
    "method-not-allowed": (405, ("Går inte att göra", "Method not allowed"),
                           ("Adressen tar inte emot den metoden.", "The address does not take that method.")),
    "stale": (409, ("Någon annan har sparat", "Somebody else has saved"),
              ("Läs på nytt och försök igen.", "Read again and try once more.")),
    "too-large": (413, ("För stort", "Too large"), ("Anropet är för stort.", "The request is too large.")),
    "not-json": (415, ("Inte JSON", "Not JSON"), ("Skicka application/json.", "Send application/json.")),
    "invalid": (422, ("Något stämmer inte", "Not valid"), ("Se errors.", "See errors.")),
    "refused": (422, ("Avslaget", "Refused"), ("", "")),
    "idempotency-key-reused": (422, ("Idempotency-Key använd förut", "Idempotency-Key used before"),
                               ("Nyckeln hör till ett annat anrop.", "The key belongs to another call.")),
    "too-many": (429, ("För många anrop", "Too many requests"),
                 ("Vänta så länge som Retry-After säger.", "Wait as long as Retry-After says.")),
    "fault": (500, ("Fel hos oss", "Fault on our side"),
              ("Ingenting är sparat.", "Nothing has been saved.")),
}  # fmt: skip
FIELDS = {
    "required": ("Måste finnas.", "Is required."), "null": ("Får inte vara null.", "May not be null."),
    "blank": ("Får inte vara tomt.", "May not be empty."), "max_length": ("Är för långt.", "Is too long."),
    "invalid_choice": ("Är inget av de värden som finns.", "Is none of the values there are."),
    "unknown": ("Känns inte igen.", "Is not known."),
}  # fmt: skip
UNTRANSLATED = "The case system refuses, in Swedish:"
OTHERWISE = ("Är fel.", "Is wrong.")


class Problem(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def is_english(request):
    """Swedish unless English is asked for more."""
    wished = dict(reversed(parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200])))
    by_language = {}
    for language, weight in wished.items():
        by_language[language[:2]] = max(weight, by_language.get(language[:2], 0))
    return by_language.get("en", 0) > by_language.get("sv", 0)


def problem(request, code, *, sentence="", errors=(), headers=None):
    status, titles, details = KINDS[code]
    place = is_english(request)
    said, languages = _in(place, sentence)
    detail = f"{details[place]} {said}".strip()
    body = {
        "type": f"{settings.BASE_URL}/api/problem/{code}", "title": titles[place], "status": status,
        "detail": detail,
    }  # fmt: skip
    if errors:
        body["errors"] = [
            {"pointer": f"#/{name}", "detail": FIELDS.get(kind, OTHERWISE)[place]} for name, kind in errors
        ]
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)
    response.headers["Content-Language"] = languages
    response.headers["Vary"] = "Accept-Language"
    return response


def _in(is_english, sentence):
    """(the operation's sentence, the languages of the whole)."""
    if not is_english:
        return sentence, "sv"
    said = english.in_english(sentence) if sentence else ""
    return (said, "en") if said or not sentence else (f"{UNTRANSLATED} {sentence}", "en, sv")


def problem_of(request, error):
    """The answer to what was raised, or None for a fault of our own."""
    if isinstance(error, Refused):
        return problem(request, _refusal(error), sentence="" if isinstance(error, Stale) else str(error))
    if isinstance(error, exceptions.ValidationError):
        found = [(name, one.code) for name, ones in _by_field(error.detail).items() for one in ones]
        return problem(request, "invalid", errors=found)
    if isinstance(error, exceptions.Throttled):
        return problem(request, "too-many", headers={"Retry-After": str(int(error.wait or 60))})
    for kind, code in RAISED:
        if isinstance(error, kind):
            return problem(request, error.code if code is None else code)
    return None


def _refusal(error):
    return "stale" if isinstance(error, Stale) else "forbidden" if isinstance(error, NotAllowed) else "refused"


def _by_field(detail):
    """What does not concern a field by itself stands at the whole."""
    return {("" if name == "non_field_errors" else name): ones for name, ones in detail.items()}


RAISED = (
    (Problem, None), (Http404, "not-found"), (exceptions.NotFound, "not-found"),
    (exceptions.MethodNotAllowed, "method-not-allowed"), (exceptions.UnsupportedMediaType, "not-json"),
    (exceptions.ParseError, "bad-request"), (RecursionError, "bad-request"), (RequestDataTooBig, "too-large"),
    (SuspiciousOperation, "bad-request"),
)  # fmt: skip
