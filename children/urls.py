from django.urls import path

from children.views import bridge, workers

app_name = "children"
urlpatterns = [
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
