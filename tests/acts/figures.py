from reporting import operations as reporting
from reporting.models import Publication
from tests.acts import Act


def published(world):
    return Publication.objects.get(pk=world.published)


ACTS = [
    Act(reporting.take_out_figures, "maud", lambda w: {"publication": published(w)}, ("anna", "sara", "mika", "cilla")),
    Act(
        reporting.ask_new_version, "rut", lambda w: {"publication": published(w), "reason": "late"},
        ("maud", "adam", "anna", "sara", "mika"),
    ),
]  # fmt: skip
