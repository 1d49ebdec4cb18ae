"""The addresses of consent at the desk."""

from django.urls import path

from consent.views import timeline
from consent.views.acts import correction, resumption, sign, standing, suspension, task_done
from consent.views.grant import grant, withdraw
from consent.views.ledger import as_csv, as_fhir, find_patient, ledger
from consent.views.settings import rules, settings, words

app_name = "consent"
urlpatterns = [
    path("desk/consents/", ledger, name="ledger"),
    path("desk/consents/settings/", settings, name="settings"),
    path("desk/consents/settings/rules/", rules, name="rules_new"),
    path("desk/consents/settings/rules/<slug:code>/", rules, name="rules"),
    path("desk/consents/settings/<slug:purpose>/<slug:language>/", words, name="words"),
    path("desk/consents/find/", find_patient, name="find"),
    path("desk/consents/consents.csv", as_csv, name="csv"),
    path("desk/consents/patient/<uuid:pk>/", timeline.patient, name="patient"),
    path("desk/consents/picture/<uuid:pk>/", timeline.picture, name="picture"),
    path("desk/consents/<uuid:pk>/consent.json", as_fhir, name="fhir"),
    path("desk/consents/<uuid:pk>/", grant, name="grant"),
    path("desk/consents/<uuid:pk>/withdraw/", withdraw, name="withdraw"),
    path("desk/consents/<uuid:pk>/sign/", sign, name="sign"),
    path("desk/consents/<uuid:pk>/suspend/", suspension, name="suspend"),
    path("desk/consents/<uuid:pk>/resume/", resumption, name="resume"),
    path("desk/consents/<uuid:pk>/correct/", correction, name="correct"),
    path("desk/consents/<uuid:pk>/standing/", standing, name="standing"),
    path("desk/consents/task/<uuid:pk>/done/", task_done, name="task_done"),
]
