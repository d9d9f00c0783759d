from django.urls import path

from exitprogram.tokens import views

app_name = "tokens"
urlpatterns = [
    path("anslutningar/", views.connections, name="connections"),
    path("anslutningar/ny/", views.connection_new, name="connection_new"),
    path("anslutningar/<uuid:token_id>/byt/", views.connection_renew, name="connection_renew"),
    path("anslutningar/<uuid:token_id>/aterkalla/", views.connection_revoke, name="connection_revoke"),
]
