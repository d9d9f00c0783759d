from django.urls import path

from plans.views import closing, copies, desk, insight, meetings, papers, plan, sections

app_name = "plans"
urlpatterns = [
    path("min-dag/", desk.my_day, name="my_day"),
    path("arende/<uuid:case_id>/", desk.person, name="person"),
    path("arende/<uuid:case_id>/plan/", plan.plan, name="plan"),
    path("arende/<uuid:case_id>/plan/ny-version/", plan.revise, name="revise"),
    path("arende/<uuid:case_id>/atgard/", plan.measure_new, name="measure_new"),
    path("arende/<uuid:case_id>/mote/", meetings.meeting_new, name="meeting_new"),
    path("arende/<uuid:case_id>/avsluta/", closing.close, name="close"),
    path("arende/<uuid:case_id>/plan/avsluta/", closing.end, name="end"),
    path("arende/<uuid:case_id>/insyn/", insight.insight, name="insight"),
    path("arende/<uuid:case_id>/lasningar/", insight.readings_list, name="readings"),
    path("arende/<uuid:case_id>/kopior/", copies.copies, name="copies"),
    path("plan/<uuid:version_id>/", plan.version, name="version"),
    path("plan/<uuid:version_id>/mal/", plan.goal_new, name="goal_new"),
    path("plan/<uuid:version_id>/insats/", plan.measure_add, name="measure_add"),
    path("plan/<uuid:version_id>/avsnitt/", plan.section_request, name="section_request"),
    path("plan/<uuid:version_id>/faststall/", plan.agree, name="agree"),
    path("plan/<uuid:version_id>/kopia/<str:recipient_key>/", copies.copy, name="copy"),
    path("insats/<uuid:measure_id>/lage/", plan.measure_status, name="measure_status"),
    path("insats/<uuid:measure_id>/ta-bort/", plan.measure_drop, name="measure_drop"),
    path("mal/<uuid:goal_id>/ta-bort/", plan.goal_drop, name="goal_drop"),
    path("moten/", meetings.meetings, name="meetings"),
    path("mote/<uuid:call_id>/svar/", sections.call_answer, name="call_answer"),
    path("bidrag/", sections.contributions, name="contributions"),
    path("bidrag/<uuid:section_id>/", sections.section, name="section"),
    path("bidrag/handling/<uuid:document_id>/", papers.shared_document, name="shared_document"),
]
