"""Where staff ask for consent and make links, and where a patient comes in."""

from django.urls import path

from sharing.views.patient import brand, deciding, entry, her_links, home, naming, pictures, saving, sex, withdrawal
from sharing.views.staff import attention, care, ceremony, incidents, invitations, limits, links

app_name = "sharing"

urlpatterns = [
    path("desk/study/<uuid:study_id>/consent/", ceremony.ceremony, name="ceremony"),
    path("desk/study/<uuid:study_id>/consent/recorded/", ceremony.recorded, name="recorded"),
    path("desk/study/<uuid:study_id>/consent/copy/<uuid:copy_id>/", ceremony.copy, name="copy"),
    path("desk/study/<uuid:study_id>/consent/invite/", invitations.invitation, name="invite"),
    path("desk/invitations/<uuid:invitation_id>/revoke/", invitations.revoke, name="invitation_revoke"),
    path("desk/study/<uuid:study_id>/care/", care.care, name="care"),
    path("desk/study/<uuid:study_id>/links/", links.links, name="links"),
    path("desk/study/<uuid:study_id>/links/new/<slug:purpose>/", links.new, name="link_new"),
    path("desk/study/<uuid:study_id>/links/new/<slug:purpose>/made/", links.created, name="link_created"),
    path("desk/study/<uuid:study_id>/links/revoke/", links.revoke_all, name="links_revoke"),
    path("desk/study/<uuid:study_id>/links/revoke/patient/", links.revoke_of_patient, name="patient_revoke"),
    path("desk/links/", attention.attention, name="attention"),
    path("desk/links/limits/", limits.limits, name="limits"),
    path("desk/links/<uuid:link_id>/revoke/", links.revoke, name="link_revoke"),
    path("desk/study/<uuid:study_id>/incident/", incidents.incident_new, name="incident_new"),
    path("desk/incidents/", incidents.incidents, name="incidents"),
    path("desk/incidents/<uuid:pk>/", incidents.incident, name="incident"),
    path("desk/incidents/<uuid:pk>/step/<slug:kind>/", incidents.step_done, name="incident_step"),
    path("desk/incidents/<uuid:pk>/close/", incidents.incident_close, name="incident_close"),
    path("desk/links/<uuid:link_id>/code/", attention.reissue, name="code_reissue"),
    path("v/", entry.entry, name="entry"),
    path("v/open/", entry.open_, name="open"),
    path("v/code/", entry.code, name="code"),
    path("v/brand.css", brand.stylesheet, name="brand"),
    path("v/pictures/", pictures.pictures, name="pictures"),
    path("v/picture/<uuid:artefact_id>", pictures.picture, name="picture"),
    path("v/save/", saving.save, name="save"),
    path("v/paper/", saving.paper, name="paper"),
    path("v/picture/<uuid:artefact_id>/name/", naming.name_seen, name="name_seen"),
    path("v/for/<slug:purpose>/", home.purpose, name="purpose"),
    path("v/links/", her_links.links, name="her_links"),
    path("v/links/end/", her_links.end_all, name="end_all"),
    path("v/links/<uuid:link_id>/end/", her_links.end_one, name="end_one"),
    path("v/sex/", sex.sex, name="sex"),
    path("v/quiet/", home.quiet, name="quiet"),
    path("v/receipt/<uuid:document_id>", home.receipt, name="receipt"),
    path("v/withdraw/", withdrawal.withdraw, name="withdraw"),
    path("v/leave/", entry.leave, name="leave"),
    path("v/decide/", deciding.door, name="decide_door"),
    path("v/decide/open/", deciding.come_in, name="decide_open"),
    path("v/decide/questions/", deciding.decide, name="decide"),
    path("v/decide/answers/", deciding.decided, name="decided"),
    path("v/decide/answers/<uuid:grant_id>/back/", deciding.take_back, name="decide_back"),
    path("v/decide/answers.pdf", deciding.copy, name="decide_copy"),
    path("v/decide/picture/<uuid:artefact_id>", deciding.picture, name="decide_picture"),
    path("v/decide/brand.css", deciding.stylesheet, name="decide_brand"),
    path("v/decide/leave/", deciding.leave, name="decide_leave"),
]
