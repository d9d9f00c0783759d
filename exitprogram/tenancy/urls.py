from django.urls import path

from exitprogram.tenancy.views import imports, letterhead, people, seen, session, units

app_name = "tenancy"
urlpatterns = [
    path("", session.start, name="start"),
    path("logga-in/", session.sign_in, name="sign_in"),
    path("losenord-igen/", session.again, name="again"),
    path("glomt-losenord/", session.forgotten, name="forgotten"),
    path("valj-losenord/<uidb64>/<token>/", session.choose_password, name="choose_password"),
    path("logga-ut/", session.sign_out, name="sign_out"),
    path("uppdrag/", session.choose, name="choose"),
    path("uppdrag/byt/", session.switch, name="switch"),
    path("halsa/", session.health, name="health"),
    path("personal/", people.people, name="people"),
    path("personal/ny/", people.member_add, name="member_add"),
    path("personal/<uuid:membership_id>/avsluta/", people.member_end, name="member_end"),
    path("personal/<uuid:membership_id>/enhet/", people.member_place, name="member_place"),
    path("personal/las-in/", imports.people_import, name="people_import"),
    path("personal/las-in/mall/", imports.people_template, name="people_template"),
    path("enheter/", units.units, name="units"),
    path("enheter/las-in/", imports.units_import, name="units_import"),
    path("enheter/las-in/mall/", imports.units_template, name="units_template"),
    path("enheter/ny/", units.unit_add, name="unit_add"),
    path("enheter/<uuid:unit_id>/", units.unit_edit, name="unit_edit"),
    path("se-som/", seen.see_as, name="see_as"),
    path("se-som/sluta/", seen.see_as_end, name="see_as_end"),
    path("se-som/<uuid:membership_id>/", seen.see_as_begin, name="see_as_begin"),
    path("brevhuvud/", letterhead.letterhead, name="letterhead"),
    path("brevhuvud/prov/", letterhead.letterhead_sample, name="letterhead_sample"),
]
