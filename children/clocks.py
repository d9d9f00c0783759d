"""What is watched in the programme for children."""

from cases.clocks import declare
from exitprogram.tenancy.roles import Permission


class ChildClock:
    # In the grown-up's case, with the one who is to coordinate it.
    HANDED_OVER = declare(
        "handed_over", "Överlämning att bekräfta", moves=False, page="children:before",
        ends="Bevakningen blir klar när överlämningen är bekräftad.", settled="wall.bridge_confirmed(subject)",
    )  # fmt: skip
    # Begun by the one who opened it, and who does not hold the child's case.
    FILE_OPENED = declare(
        "file_opened", "Läst akt att gå igenom", moves=False, page="plans:readings",
        outsiders="wall.my_file_opening(subject)", begun_by=Permission.READ_CASE,
    )  # fmt: skip
