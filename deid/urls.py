"""Addresses of the desk: worklist, upload, study, review and the files of a picture."""

from django.urls import path

from deid.views import media, review, study, upload, worklist

app_name = "deid"

urlpatterns = [
    path("desk/", worklist.worklist, name="worklist"),
    path("desk/upload/", upload.upload, name="upload"),
    path("desk/upload/begin/", upload.begin, name="upload_begin"),
    path("desk/upload/<uuid:upload>/send/", upload.send, name="upload_send"),
    path("desk/upload/<uuid:upload>/", upload.rows, name="upload_rows"),
    path("desk/study/<uuid:study>/", study.study, name="study"),
    path("desk/picture/<uuid:instance>/", review.review, name="review"),
    path("desk/picture/<uuid:instance>/cover/", review.cover, name="cover"),
    path("desk/picture/<uuid:instance>/release/", review.release, name="release"),
    path("desk/picture/<uuid:instance>/reject/", review.reject, name="reject"),
    path("desk/picture/<uuid:instance>/undo/", review.undo, name="undo"),
    path("desk/picture/<uuid:instance>/again/", review.again, name="again"),
    path("desk/media/<uuid:artefact>", media.media, name="media"),
]
