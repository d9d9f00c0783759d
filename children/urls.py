from django.urls import path

from children.views import bridge, court, guardians, investigation, protection, releases, reports, voice, workers

BESIDE = "arende/<uuid:case_id>/vardnadshavare/"

app_name = "children"
CASE, REPORT = "arende/<uuid:case_id>", "arende/<uuid:case_id>/orosanmalan/<uuid:report_id>"
INVESTIGATION = "arende/<uuid:case_id>/utredning/<uuid:investigation_id>"
urlpatterns = [
    path(BESIDE, guardians.guardians, name="guardians"),
    path(f"{BESIDE}ny/", guardians.guardian_new, name="guardian_new"),
    path(f"{BESIDE}<uuid:guardian_id>/", guardians.guardian_edit, name="guardian_edit"),
    path(f"{BESIDE}<uuid:guardian_id>/vardnad/", guardians.custody_new, name="custody_new"),
    path(f"{BESIDE}vardnad/<uuid:custody_id>/avsluta/", guardians.custody_end, name="custody_end"),
    path(f"{BESIDE}<uuid:guardian_id>/misstanke/", guardians.mark_new, name="mark_new"),
    path(f"{BESIDE}misstanke/<uuid:mark_id>/avsluta/", guardians.mark_end, name="mark_end"),
    path(f"{BESIDE}<uuid:guardian_id>/begransa/", guardians.limit_new, name="limit_new"),
    path(f"{BESIDE}begransning/<uuid:limit_id>/avsluta/", guardians.limit_end, name="limit_end"),
    path(f"{BESIDE}<uuid:guardian_id>/svar/", guardians.answer_new, name="answer_new"),
    path(f"{BESIDE}<uuid:guardian_id>/slapp/", releases.release_new, name="release_new"),
    path(f"{BESIDE}slappt/<uuid:release_id>/ta-tillbaka/", releases.release_withdraw, name="release_withdraw"),
    path(f"{BESIDE}slappt/<uuid:release_id>/lamna/", releases.release_hand, name="release_hand"),
    path("arende/<uuid:case_id>/barnets-rost/", voice.voices, name="voices"),
    path("arende/<uuid:case_id>/barnets-rost/ny/", voice.voice_new, name="voice_new"),
    path("arende/<uuid:case_id>/barnets-rost/inte-hord/", voice.voice_unheard, name="voice_unheard"),
    path("arende/<uuid:case_id>/barnets-basta/", voice.weigh_other, name="weigh_other"),
    path("arende/<uuid:case_id>/barnets-basta/<uuid:decision_id>/", voice.weigh, name="weigh"),
    path("barn/", reports.reception, name="reception"),
    path("barn/anmalan/<uuid:search_id>/", reports.report_child, name="report_child"),
    path("barn/behorighet/", workers.workers, name="workers"),
    path("barn/behorighet/<uuid:worker_id>/avsluta/", workers.worker_end, name="worker_end"),
    path("arende/<uuid:case_id>/alder/", bridge.age, name="age"),
    path("arende/<uuid:case_id>/bron/", bridge.bridge, name="bridge"),
    path("arende/<uuid:case_id>/bron/fragan/", bridge.ask, name="bridge_ask"),
    path("arende/<uuid:case_id>/bron/eget-arende/", bridge.adult_case, name="bridge_case"),
    path("arende/<uuid:case_id>/bron/motet/", bridge.hand_over, name="bridge_hand_over"),
    path("arende/<uuid:case_id>/fran-barnprogrammet/", bridge.before, name="before"),
    path("arende/<uuid:case_id>/fran-barnprogrammet/bekrafta/", bridge.confirm, name="bridge_confirm"),
    path(f"{CASE}/orosanmalningar/", reports.reports, name="reports"),
    path(f"{CASE}/orosanmalan/", reports.report_new, name="report_new"),
    path(f"{REPORT}/", reports.report, name="report"),
    path(f"{REPORT}/skyddsbedomning/", protection.assess, name="assess"),
    path(f"{REPORT}/vill-veta/", reports.feedback_ask, name="feedback_ask"),
    path(f"{REPORT}/aterkoppling/", reports.feedback, name="feedback"),
    path(f"{REPORT}/mote/", reports.report_meeting, name="report_meeting"),
    path(f"{CASE}/skydd-nu/", protection.protection, name="protection"),
    path(f"{CASE}/skydd-nu/atgard/", protection.step_new, name="step_new"),
    path(f"{CASE}/skydd-nu/utnyttjare/", protection.exploiter_new, name="exploiter_new"),
    path(
        f"{CASE}/skydd-nu/utnyttjare/<uuid:exploiter_id>/stryk/", protection.exploiter_strike, name="exploiter_strike"
    ),
    path(f"{CASE}/skydd-nu/spritt/", protection.spread_new, name="spread_new"),
    path(f"{CASE}/skydd-nu/spritt/<uuid:spread_id>/", protection.spread_edit, name="spread_edit"),
    path(f"{INVESTIGATION}/", investigation.investigation, name="investigation"),
    path(f"{INVESTIGATION}/underratta/", investigation.tell, name="tell"),
    path(f"{INVESTIGATION}/avsluta/", investigation.finish, name="finish"),
    path("arende/<uuid:case_id>/domstol/", court.court, name="court"),
    path("arende/<uuid:case_id>/domstol/nytt/", court.court_new, name="court_new"),
    path("arende/<uuid:case_id>/domstol/<uuid:matter_id>/", court.court_step, name="court_step"),
]
