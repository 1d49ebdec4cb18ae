"""Addresses of signing in, the front door, and the administrators' pages."""

from django.urls import path

from ultrasound_portal.clinics.views import brand, front, signing, trail, usage

app_name = "clinics"

urlpatterns = [
    path("", front.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("desk/audit/", trail.trail, name="audit"),
    path("desk/audit/usage/", usage.usage, name="usage"),
    path("desk/brand/", brand.brand, name="brand"),
    path("desk/brand/logo/", brand.logo, name="logo"),
]
