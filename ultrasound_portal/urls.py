"""Where each room's pages begin."""

from django.urls import include, path

from ultrasound_portal import errors, health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("ultrasound_portal.clinics.urls")),
    path("", include("ultrasound_portal.handbook.urls")),
    path("", include("consent.urls")),
    path("", include("deid.urls")),
    path("", include("sharing.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
