"""The addresses of the handbook."""

from django.urls import path

from ultrasound_portal.handbook.views import handbook

app_name = "handbook"

urlpatterns = [
    path("desk/handbook/", handbook.handbook, name="handbook"),
    path("desk/handbook/publish/", handbook.publish, name="publish"),
    path("desk/handbook/demand/", handbook.demand, name="demand"),
    path("desk/handbook/<uuid:pk>/read/", handbook.read, name="read"),
]
