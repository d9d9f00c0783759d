from django.urls import path

from teams.views import coordinator, decisions, handover, team, unit

app_name = "teams"
urlpatterns = [
    path("arende/<uuid:case_id>/team/", team.team, name="team"),
    path("arende/<uuid:case_id>/team/<uuid:member_id>/avsluta/", team.leave, name="leave"),
    path("arende/<uuid:case_id>/team/utan-konto/", team.outside_add, name="outside_add"),
    path("arende/<uuid:case_id>/team/utan-konto/<uuid:member_id>/avsluta/", team.outside_end, name="outside_end"),
    path("arende/<uuid:case_id>/samordnare/", coordinator.coordinator, name="coordinator"),
    path("inbjudan/<uuid:member_id>/", team.invitation, name="invitation"),
    path("beslut/", decisions.decisions, name="decisions"),
    path("arende/<uuid:case_id>/beslut/", decisions.decision_new, name="decision_new"),
    path("beslut/<uuid:decision_id>/", decisions.decide, name="decide"),
    path("personal/<uuid:membership_id>/lamna-over/", handover.hand_over, name="hand_over"),
    path("franvaro/", handover.absence, name="absence"),
    path("franvaro/<uuid:appointment_id>/tillbaka/", handover.back, name="back"),
    path("enheten/", unit.unit, name="unit"),
]
