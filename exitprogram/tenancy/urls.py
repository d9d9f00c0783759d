from django.urls import path

from exitprogram.tenancy import views

app_name = "tenancy"
urlpatterns = [
    path("", views.start, name="start"),
    path("logga-in/", views.sign_in, name="sign_in"),
    path("losenord-igen/", views.again, name="again"),
    path("glomt-losenord/", views.forgotten, name="forgotten"),
    path("valj-losenord/<uidb64>/<token>/", views.choose_password, name="choose_password"),
    path("logga-ut/", views.sign_out, name="sign_out"),
    path("uppdrag/", views.choose, name="choose"),
    path("uppdrag/byt/", views.switch, name="switch"),
    path("halsa/", views.health, name="health"),
    path("personal/", views.people, name="people"),
    path("personal/ny/", views.member_add, name="member_add"),
    path("personal/<uuid:membership_id>/avsluta/", views.member_end, name="member_end"),
]
