"""What is watched about the plan."""

from cases.clocks import declare


class PlanClock:
    FOLLOW_UP = declare("follow_up", "Uppföljning av plan")
