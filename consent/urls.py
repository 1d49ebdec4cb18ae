"""The addresses of consent at the desk."""

from django.urls import path

from consent.views.acts import correction, resumption, sign, standing, suspension, task_done
from consent.views.grant import grant, withdraw
from consent.views.ledger import ledger

app_name = "consent"
urlpatterns = [
    path("desk/consents/", ledger, name="ledger"),
    path("desk/consents/<uuid:pk>/", grant, name="grant"),
    path("desk/consents/<uuid:pk>/withdraw/", withdraw, name="withdraw"),
    path("desk/consents/<uuid:pk>/sign/", sign, name="sign"),
    path("desk/consents/<uuid:pk>/suspend/", suspension, name="suspend"),
    path("desk/consents/<uuid:pk>/resume/", resumption, name="resume"),
    path("desk/consents/<uuid:pk>/correct/", correction, name="correct"),
    path("desk/consents/<uuid:pk>/standing/", standing, name="standing"),
    path("desk/consents/task/<uuid:pk>/done/", task_done, name="task_done"),
]
