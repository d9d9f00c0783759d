from django.urls import path

from cases.views import clocks, consents, notes, people

app_name = "cases"
urlpatterns = [
    path("personer/", people.case_list, name="list"),
    path("sok/", people.search, name="search"),
    path("personer/ny/", people.person_add, name="person_add"),
    path("personer/<uuid:individual_id>/arende/", people.case_open, name="case_open"),
    path("arende/<uuid:case_id>/uppgifter/", people.person_edit, name="person_edit"),
    path("arende/<uuid:case_id>/saker-kontakt/", people.safe_contact, name="safe_contact"),
    path("arende/<uuid:case_id>/anteckningar/", notes.note_list, name="notes"),
    path("arende/<uuid:case_id>/anteckning/", notes.note_new, name="note_new"),
    path("arende/<uuid:case_id>/anteckning/<uuid:note_id>/", notes.note, name="note"),
    path("arende/<uuid:case_id>/anteckning/<uuid:note_id>/tillagg/", notes.note_add, name="note_add"),
    path("arende/<uuid:case_id>/samtycken/", consents.consent_list, name="consents"),
    path("arende/<uuid:case_id>/samtycken/plan/", consents.consent_plan, name="consent_plan"),
    path("arende/<uuid:case_id>/samtycken/mottagare/", consents.consent_waiver, name="consent_waiver"),
    path(
        "arende/<uuid:case_id>/samtycken/<uuid:consent_id>/aterkalla/", consents.consent_withdraw,
        name="consent_withdraw",
    ),
    path("arende/<uuid:case_id>/bevakning/<uuid:clock_id>/klar/", clocks.clock_done, name="clock_done"),
    path("arende/<uuid:case_id>/bevakning/<uuid:clock_id>/flytta/", clocks.clock_move, name="clock_move"),
]  # fmt: skip
