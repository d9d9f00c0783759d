from django.urls import path

from children.views import bridge, guardians, releases, voice, workers

BESIDE = "arende/<uuid:case_id>/vardnadshavare/"

app_name = "children"
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
    path("barn/behorighet/", workers.workers, name="workers"),
    path("barn/behorighet/<uuid:worker_id>/avsluta/", workers.worker_end, name="worker_end"),
    path("arende/<uuid:case_id>/alder/", bridge.age, name="age"),
    path("arende/<uuid:case_id>/bron/", bridge.bridge, name="bridge"),
    path("arende/<uuid:case_id>/bron/fragan/", bridge.ask, name="bridge_ask"),
    path("arende/<uuid:case_id>/bron/eget-arende/", bridge.adult_case, name="bridge_case"),
    path("arende/<uuid:case_id>/bron/motet/", bridge.hand_over, name="bridge_hand_over"),
    path("arende/<uuid:case_id>/fran-barnprogrammet/", bridge.before, name="before"),
    path("arende/<uuid:case_id>/fran-barnprogrammet/bekrafta/", bridge.confirm, name="bridge_confirm"),
]
