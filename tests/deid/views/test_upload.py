"""The upload page, with and without script."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image

from deid.models import Instance, Upload, UploadItem
from deid.states import InstanceState
from tests.deid.views.conftest import signed_in
from tests.factories.pictures import make_picture, make_study, ultrasound_bytes
from tests.samples import named
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
URL = "/desk/upload/"
LOCAL_NAME = "Testwoman_Anna_1990.dcm"


def file(data: bytes, name: str = LOCAL_NAME) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def begun(browser: Client) -> dict[str, str]:
    return browser.post(reverse("deid:upload_begin")).json()


def sent(browser: Client, addresses: dict[str, str], data: bytes) -> list[dict[str, object]]:
    response = browser.post(addresses["send"], {"file": file(data)})
    assert response.status_code == 200
    return response.json()["rows"]


def test_it_works(sonographer: Client) -> None:
    page = sonographer.get(URL).content.decode()
    assert "multipart/form-data" in page
    assert "delete the files from this device" in page
    assert "js/upload.mjs" in page


def test_the_script_sends_a_file_and_gets_its_row(sonographer: Client) -> None:
    (row,) = sent(sonographer, begun(sonographer), ultrasound_bytes())
    instance = Instance.objects.get()
    assert row["state"] == "received"
    assert row["settled"] is False
    assert row["study"] == reverse("deid:study", args=[instance.study_id])


def test_a_zip_has_many_rows(sonographer: Client) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1", ultrasound_bytes())
        archive.writestr("2", b"text")
        archive.writestr("DICOMDIR", b"index")
    rows = sent(sonographer, begun(sonographer), buffer.getvalue())
    assert [(row["position"], row["state"]) for row in rows] == [(1, "received"), (2, "refused"), (3, "skipped")]
    assert "not a DICOM file" in rows[1]["reason"]
    assert "index of a disc" in rows[2]["reason"]


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(("kind", "width"), [("PNG", 100_000), ("JPEG", 65_500)], ids=["PNG", "JPEG"])
def test_a_picture_of_one_row_is_refused_and_the_good_one_beside_it_is_kept(
    sonographer: Client, kind: str, width: int
) -> None:
    thread = io.BytesIO()
    Image.new("RGB", (width, 1)).save(thread, kind)
    addresses = begun(sonographer)
    (row,) = sent(sonographer, addresses, thread.getvalue())
    assert (row["state"], "larger than the portal takes" in row["reason"]) == ("refused", True)
    (row,) = sent(sonographer, addresses, ultrasound_bytes())
    assert row["state"] == "received"


@override_settings(UPLOAD_LIMIT=1000)
def test_a_file_over_the_limit_is_refused_on_its_row(sonographer: Client) -> None:
    (row,) = sent(sonographer, begun(sonographer), ultrasound_bytes())
    assert (row["state"], row["settled"]) == ("refused", True)
    assert "larger than the portal takes" in row["reason"]


def test_a_repetition_says_so(sonographer: Client) -> None:
    addresses, data = begun(sonographer), ultrasound_bytes()
    sent(sonographer, addresses, data)
    (row,) = sent(sonographer, addresses, data)
    assert row["label"] == "Already here: received"


def test_rows_are_asked_for_by_position_and_follow_the_state(sonographer: Client) -> None:
    addresses = begun(sonographer)
    for _ in range(3):
        sent(sonographer, addresses, ultrasound_bytes())
    first = UploadItem.objects.get(position=1).instance
    Instance.objects.filter(pk=first.pk).update(state=InstanceState.HELD, reason="text_left")
    rows = sonographer.post(addresses["rows"], {"positions": "1,3,77,x,,99999999999"}).json()["rows"]
    assert [(row["position"], row["state"], row["settled"]) for row in rows] == [
        (1, "held", True),
        (3, "received", False),
    ]
    assert "may still be text" in rows[0]["reason"]


def test_a_cleaned_picture_is_called_cleaned(sonographer: Client, clinic: Clinic) -> None:
    addresses = begun(sonographer)
    batch = Upload.objects.get()
    UploadItem.objects.create(upload=batch, position=1, outcome="received", instance=make_picture(make_study(clinic)))
    (row,) = sonographer.post(addresses["rows"], {"positions": "1"}).json()["rows"]
    assert row["label"] == "Cleaned"


def test_many_rows_cost_two_questions(sonographer: Client, django_assert_max_num_queries: object) -> None:
    addresses = begun(sonographer)
    for _ in range(5):
        sent(sonographer, addresses, ultrasound_bytes())
    with django_assert_max_num_queries(6):  # type: ignore[operator] # session, user, its row, membership, batch, rows
        sonographer.post(addresses["rows"], {"positions": "1,2,3,4,5"})


def test_what_arrived_is_named_for_staff(sonographer: Client) -> None:
    addresses = begun(sonographer)
    sent(sonographer, addresses, ultrasound_bytes())
    part = sonographer.get(addresses["rows"], headers={"HX-Request": "true"}).content.decode()
    assert "Testwoman, Anna" in part
    assert "<html" not in part


def test_the_plain_form_takes_many_files_and_shows_their_rows(sonographer: Client) -> None:
    good = ultrasound_bytes()
    files = [
        file(data)
        for data in (good, b"", b"text", named("CT_small.dcm").read_bytes(), named("US1_UNCR.dcm").read_bytes()[:99999])
    ]
    response = sonographer.post(URL, {"file": files}, follow=True)
    page = response.content.decode()
    assert [row["state"] for row in response.context["rows"]] == ["received"] + ["refused"] * 4
    assert [f"File {number}<" in page for number in range(1, 7)] == [True] * 5 + [False]
    assert 'http-equiv="refresh"' in page
    assert "4 refused" in page
    assert Instance.objects.count() == 1


def test_the_page_stops_renewing_itself_when_all_is_settled(sonographer: Client) -> None:
    response = sonographer.post(URL, {"file": [file(b"text")]}, follow=True)
    assert b'http-equiv="refresh"' not in response.content


def test_a_form_without_files_says_so(sonographer: Client) -> None:
    assert b"No file was chosen" in sonographer.post(URL).content
    assert not Upload.objects.exists()


@pytest.mark.requirement("R33")
def test_local_names_are_not_kept(sonographer: Client) -> None:
    response = sonographer.post(URL, {"file": [file(ultrasound_bytes()), file(b"text")]}, follow=True)
    assert "Testwoman_Anna_1990" not in response.content.decode()
    assert "Testwoman_Anna_1990" not in json.dumps(list(UploadItem.objects.values()), default=str)


def test_two_thousand_files_at_once_have_two_thousand_rows(sonographer: Client) -> None:
    files = [file(b"", f"{number}.dcm") for number in range(1999)] + [file(ultrasound_bytes())]
    response = sonographer.post(URL, {"file": files}, follow=True)
    rows = response.context["rows"]
    assert len(rows) == 2000
    assert [row["state"] for row in rows[-2:]] == ["refused", "received"]


@pytest.mark.requirement("R42")
def test_another_clinic_finds_no_batch(sonographer: Client, outsider: Client) -> None:
    addresses = begun(sonographer)
    assert outsider.get(addresses["rows"]).status_code == 404
    assert outsider.post(addresses["rows"], {"positions": "1"}).status_code == 404
    assert outsider.post(addresses["send"], {"file": file(ultrasound_bytes())}).status_code == 404
    assert not Instance.objects.exists()


def test_a_stranger_is_sent_to_sign_in_and_leaves_nothing(client: Client) -> None:
    assert client.get(URL)["Location"].startswith(reverse("clinics:sign_in"))
    response = client.post(URL, {"file": file(ultrasound_bytes())})
    assert response["Location"].startswith(reverse("clinics:sign_in"))
    assert not Upload.objects.exists()


def test_whoever_reviews_or_audits_uploads_nothing(clinic: Clinic) -> None:
    opened = {role for role in Role if signed_in(clinic, role).get(URL).status_code == 200}
    assert opened == {Role.SONOGRAPHER, Role.CLINICIAN}


def test_a_forged_upload_is_refused(sonographer: Client) -> None:
    addresses = begun(sonographer)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sonographer.cookies
    for address in (URL, reverse("deid:upload_begin"), addresses["send"], addresses["rows"]):
        assert strict.post(address, {"file": file(ultrasound_bytes())}).status_code == 403
    assert not Instance.objects.exists()


@pytest.mark.requirement("R46")
def test_that_the_files_are_deleted_is_asked_and_noted_once(sonographer: Client) -> None:
    addresses = begun(sonographer)
    sent(sonographer, addresses, ultrasound_bytes())
    batch = Upload.objects.get()
    assert "I deleted them" in sonographer.get(addresses["rows"]).content.decode()
    for _ in range(2):
        answer = sonographer.post(reverse("deid:upload_cleared", args=[batch.pk]), follow=True)
    page = answer.content.decode()
    assert "The files were deleted from the device: noted" in page
    assert "I deleted them" not in page
    (entry,) = Entry.objects.filter(event="device_cleared")
    assert (entry.object_id, entry.actor) == (batch.pk, f"user:{batch.by_id}")


def test_another_clinic_notes_nothing(sonographer: Client, outsider: Client) -> None:
    begun(sonographer)
    batch = Upload.objects.get()
    assert outsider.post(reverse("deid:upload_cleared", args=[batch.pk])).status_code == 404
    assert not Entry.objects.filter(event="device_cleared").exists()
