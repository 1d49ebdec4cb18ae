"""The addresses of consent at the desk."""

from django.urls import path

from consent.views.grant import grant, withdraw
from consent.views.ledger import ledger

app_name = "consent"
urlpatterns = [
    path("desk/consents/", ledger, name="ledger"),
    path("desk/consents/<uuid:pk>/", grant, name="grant"),
    path("desk/consents/<uuid:pk>/withdraw/", withdraw, name="withdraw"),
]
