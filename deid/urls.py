"""Addresses of the desk: worklist, upload, study, review, the files of a picture, the policy, and what is kept."""

from django.urls import path

from deid.views import (
    approvals,
    covers,
    embargo,
    media,
    next_held,
    policy,
    proof,
    retention,
    review,
    steps,
    study,
    tus,
    upload,
    worklist,
)

app_name = "deid"

urlpatterns = [
    path("desk/", worklist.worklist, name="worklist"),
    path("desk/next-held/", next_held.next_held, name="next_held"),
    path("desk/upload/", upload.upload, name="upload"),
    path("desk/upload/begin/", upload.begin, name="upload_begin"),
    path("desk/upload/<uuid:upload>/send/", upload.send, name="upload_send"),
    path("desk/upload/<uuid:upload>/deliver/", tus.create, name="deliver"),
    path("desk/upload/<uuid:upload>/cleared/", upload.cleared, name="upload_cleared"),
    path("desk/delivery/<uuid:delivery>/", tus.delivery, name="delivery"),
    path("desk/delivery/<uuid:delivery>/take/", tus.take, name="delivery_take"),
    path("desk/upload/<uuid:upload>/", upload.rows, name="upload_rows"),
    path("desk/study/<uuid:study>/", study.study, name="study"),
    path("desk/study/<uuid:study>/approve/", approvals.approve_shown, name="approve_shown"),
    path("desk/study/<uuid:study>/back/", embargo.hold_back, name="hold_back"),
    path("desk/study/<uuid:study>/go/", embargo.let_go, name="let_go"),
    path("desk/picture/<uuid:instance>/", review.review, name="review"),
    path("desk/picture/<uuid:instance>/cover/", covers.cover, name="cover"),
    path("desk/picture/<uuid:instance>/cover/undo/", covers.undo, name="cover_undo"),
    path("desk/picture/<uuid:instance>/lift/", covers.lift, name="cover_lift"),
    path("desk/picture/<uuid:instance>/lift/back/", covers.restore, name="cover_restore"),
    path("desk/picture/<uuid:instance>/proof/", proof.proof, name="proof"),
    path("desk/picture/<uuid:instance>/clean/", steps.find_clean, name="find_clean"),
    path("desk/picture/<uuid:instance>/shown/", steps.shown, name="shown"),
    path("desk/picture/<uuid:instance>/release/", steps.release, name="release"),
    path("desk/picture/<uuid:instance>/reject/", steps.reject, name="reject"),
    path("desk/picture/<uuid:instance>/undo/", steps.undo, name="undo"),
    path("desk/picture/<uuid:instance>/again/", steps.again, name="again"),
    path("desk/picture/<uuid:instance>/sex/", steps.mark_sex, name="mark_sex"),
    path("desk/picture/<uuid:instance>/sex/away/", steps.unmark_sex, name="unmark_sex"),
    path("desk/media/<uuid:artefact>", media.media, name="media"),
    path("desk/policy/", policy.policy, name="policy"),
    path("desk/policy/again/", policy.again, name="policy_again"),
    path("desk/keeping/", retention.rules, name="retention"),
    path("desk/keeping/hold/", retention.hold, name="hold"),
    path("desk/keeping/<uuid:hold>/lift/", retention.lift, name="lift"),
]
