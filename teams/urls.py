from django.urls import path

from teams import views

app_name = "teams"
urlpatterns = [
    path("arende/<uuid:case_id>/team/", views.team, name="team"),
    path("arende/<uuid:case_id>/team/<uuid:member_id>/avsluta/", views.leave, name="leave"),
    path("arende/<uuid:case_id>/samordnare/", views.coordinator, name="coordinator"),
    path("inbjudan/<uuid:member_id>/", views.invitation, name="invitation"),
    path("beslut/", views.decisions, name="decisions"),
    path("arende/<uuid:case_id>/beslut/", views.decision_new, name="decision_new"),
    path("beslut/<uuid:decision_id>/", views.decide, name="decide"),
    path("enheten/", views.unit, name="unit"),
]
