"""Addresses of signing in, the own account, the front door, and the administrators' pages."""

from django.urls import path

from ultrasound_portal.clinics.views import (
    account,
    brand,
    front,
    glass,
    joining,
    lock,
    people,
    set_up,
    signing,
    trail,
    usage,
)

app_name = "clinics"

urlpatterns = [
    path("", front.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/passkey/", signing.passkey, name="passkey"),
    path("sign-in/passkey/question/", signing.passkey_question, name="passkey_question"),
    path("sign-in/second/", signing.second_factor, name="second_factor"),
    path("sign-in/set-up/", set_up.choose, name="set_up"),
    path("sign-in/set-up/code/", set_up.first_code_app, name="set_up_code"),
    path("sign-in/set-up/passkey/", set_up.first_passkey, name="set_up_passkey"),
    path("sign-in/set-up/passkey/question/", set_up.first_passkey_question, name="set_up_passkey_question"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("desk/clinic/", front.choose_clinic, name="choose_clinic"),
    path("desk/lock/", lock.lock, name="lock"),
    path("desk/locked/", lock.locked, name="locked"),
    path("desk/here/", lock.here, name="here"),
    path("desk/account/", account.account, name="account"),
    path("desk/account/code/", set_up.more_code_app, name="add_code"),
    path("desk/account/passkey/", set_up.more_passkey, name="add_passkey"),
    path("desk/account/passkey/question/", set_up.more_passkey_question, name="add_passkey_question"),
    path("desk/account/recovery/", set_up.recovery_codes, name="recovery_codes"),
    path("desk/account/factor/<int:factor>/remove/", account.remove_factor, name="remove_factor"),
    path("desk/account/sign-in/<uuid:sign_in>/end/", account.end_one, name="end_sign_in"),
    path("desk/account/sign-ins/end/", account.end_others, name="end_sign_ins"),
    path("join/", joining.join, name="join"),
    path("join/account/", joining.join_account, name="join_account"),
    path("desk/glass/", glass.open_, name="break_glass"),
    path("desk/glass/close/", glass.close, name="close_glass"),
    path("desk/people/glass/<uuid:glass>/seen/", glass.seen, name="glass_seen"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/invitation/<uuid:invitation>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("desk/people/<uuid:membership>/", people.member, name="member"),
    path("desk/people/<uuid:membership>/end/", people.end, name="end_membership"),
    path("desk/people/<uuid:membership>/reset/", people.reset, name="reset_factors"),
    path("desk/audit/", trail.trail, name="audit"),
    path("desk/audit/usage/", usage.usage, name="usage"),
    path("desk/brand/", brand.brand, name="brand"),
    path("desk/brand/logo/", brand.logo, name="logo"),
]
