from django.urls import path

from reporting.views import board, costs, figures, questions, region

app_name = "reporting"
urlpatterns = [
    path("regionen/", region.region, name="region"),
    path("regionen/kostnader/", costs.region_costs, name="region_costs"),
    path("regionen/samverkan/", region.cooperation_map, name="map"),
    path("regionen/<uuid:board_id>/", region.flow, name="flow"),
    path("regionen/<uuid:board_id>/<slug:ref>/", region.plan, name="plan"),
    path("arende/<uuid:case_id>/fragor/", questions.questions, name="questions"),
    path("arende/<uuid:case_id>/fragor/<uuid:question_id>/", questions.answer, name="answer"),
    path("enheten/vem-har-vad/", board.load, name="load"),
    path("ej-verkstallda/", board.unexecuted_now, name="unexecuted_now"),
    path("ej-verkstallda/<int:year>/<int:quarter>/", board.unexecuted_quarter, name="unexecuted"),
    path("ej-verkstallda/<int:year>/<int:quarter>/kalkylblad/", board.unexecuted_sheet, name="unexecuted_sheet"),
    path("ej-verkstallda/<int:year>/<int:quarter>/pdf/", board.unexecuted_pdf, name="unexecuted_pdf"),
    path("ej-verkstallda/<int:year>/<int:quarter>/faststall/", board.unexecuted_keep, name="unexecuted_keep"),
    path("kostnader/", costs.costs, name="costs"),
    path("kostnader/berakning/ny/", costs.estimate_new, name="estimate_new"),
    path("kostnader/berakning/<uuid:estimate_id>/", costs.estimate, name="estimate"),
    path("kostnader/berakning/<uuid:estimate_id>/andra/", costs.estimate_edit, name="estimate_edit"),
    path("kostnader/berakning/<uuid:estimate_id>/kopia/", costs.estimate_copy, name="estimate_copy"),
    path("kostnader/berakning/<uuid:estimate_id>/skicka/", costs.estimate_send, name="estimate_send"),
    path("kostnader/berakning/<uuid:estimate_id>/ta-tillbaka/", costs.estimate_take_back, name="estimate_take_back"),
    path("kostnader/berakning/<uuid:estimate_id>/kalkylblad/", costs.estimate_sheet, name="estimate_sheet"),
    path("kostnader/berakning/<uuid:estimate_id>/pdf/", costs.estimate_pdf, name="estimate_pdf"),
    path("stod/", questions.support, name="support"),
    path("stod/ny/", questions.support_new, name="support_new"),
    path("stod/<uuid:request_id>/", questions.support_answer, name="support_answer"),
    path("stod/<uuid:request_id>/avsluta/", questions.support_close, name="support_close"),
    path("uppfoljning/", figures.figures, name="figures"),
    path("uppfoljning/luckor/", figures.figures_gaps, name="gaps"),
    path("uppfoljning/grans/", figures.threshold, name="threshold"),
    path("uppfoljning/<uuid:publication_id>/fil/", figures.figures_file, name="figures_file"),
    path("uppfoljning/<uuid:publication_id>/rakna-om/", figures.figures_anew, name="figures_anew"),
]
