"""Resumable sending, request by request, as any client of the tus protocol sends it."""

import hashlib
import io
import zipfile
from base64 import b64encode

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from deid.ingest import deliveries
from deid.models import Delivery, Instance
from deid.states import DeliveryState
from deid.views import tus
from tests.factories.pictures import ultrasound_bytes
from ultrasound_portal.vault import file_store

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}


def addresses(browser: Client) -> dict[str, str]:
    return browser.post(reverse("deid:upload_begin")).json()


def created(browser: Client, size: int) -> str:
    answer = browser.post(addresses(browser)["deliver"], headers={**TUS, "Upload-Length": str(size)})
    assert answer.status_code == 201
    return answer.headers["Location"]


def patched(browser: Client, address: str, offset: object, data: bytes, **headers: str) -> HttpResponse:
    return browser.patch(
        address,
        data,
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def taken(browser: Client, address: str, seen: object = 0) -> dict[str, object]:
    answer = browser.post(f"{address}take/", {"seen": seen})
    assert answer.status_code == 200
    return answer.json()


def zipped(*contents: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(str(number), content)
    return buffer.getvalue()


def test_a_file_comes_in_pieces_and_has_its_row(sonographer: Client) -> None:
    data = ultrasound_bytes()
    address = created(sonographer, len(data))
    half = len(data) // 2
    first = patched(sonographer, address, 0, data[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    standing = sonographer.head(address, headers=TUS)
    assert (standing.status_code, standing.headers["Upload-Offset"]) == (200, str(half))
    assert standing.headers["Upload-Length"] == str(len(data))
    assert standing.headers["Cache-Control"] == "no-store"
    assert standing.headers["Upload-Expires"].endswith("GMT")
    assert patched(sonographer, address, half, data[half:]).status_code == 204
    answer = taken(sonographer, address)
    assert ([row["state"] for row in answer["rows"]], answer["more"]) == (["received"], False)
    assert Instance.objects.count() == 1


def test_every_answer_names_the_protocol(sonographer: Client) -> None:
    address = created(sonographer, 10)
    for answer in (
        sonographer.options(address),
        sonographer.head(address, headers=TUS),
        patched(sonographer, address, 3, b"x"),
        sonographer.delete(address, headers=TUS),
        sonographer.head(address, headers=TUS),
    ):
        assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_it_says_what_it_can_do(sonographer: Client) -> None:
    for address in (addresses(sonographer)["deliver"], created(sonographer, 1)):
        answer = sonographer.options(address)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
        assert int(answer.headers["Tus-Max-Size"]) > 0


def test_another_version_of_the_protocol_is_refused(sonographer: Client) -> None:
    address = created(sonographer, 10)
    assert sonographer.head(address, headers={"Tus-Resumable": "0.2.2"}).status_code == 412
    assert sonographer.post(addresses(sonographer)["deliver"], headers={"Upload-Length": "1"}).status_code == 412


@pytest.mark.parametrize("length", ["", "-1", "ten", "1e3", "9" * 30], ids=["none", "minus", "word", "float", "long"])
def test_a_length_that_is_none_opens_nothing(sonographer: Client, length: str) -> None:
    answer = sonographer.post(addresses(sonographer)["deliver"], headers={**TUS, "Upload-Length": length})
    assert answer.status_code == 400
    assert not Delivery.objects.exists()


@override_settings(DELIVERY_LIMIT=1000)
def test_too_much_is_refused_with_a_reason(sonographer: Client) -> None:
    answer = sonographer.post(addresses(sonographer)["deliver"], headers={**TUS, "Upload-Length": "1001"})
    assert answer.status_code == 413
    assert b"larger than the portal takes" in answer.content


@override_settings(UPLOAD_LIMIT=1000)
def test_a_single_file_over_its_limit_is_refused_at_its_first_piece(sonographer: Client) -> None:
    address = created(sonographer, 2000)
    answer = patched(sonographer, address, 0, b"x" * 500)
    assert answer.status_code == 413
    assert b"larger than the portal takes" in answer.content
    assert sonographer.head(address, headers=TUS).status_code == 410


@pytest.mark.parametrize("offset", [0, 5, 4], ids=str)
def test_a_piece_that_does_not_fit_is_refused(sonographer: Client, offset: int) -> None:
    address = created(sonographer, 6)
    patched(sonographer, address, 0, b"abc")
    assert patched(sonographer, address, offset, b"xyz").status_code == 409
    assert Delivery.objects.get().received == 3


def test_a_piece_needs_its_type_and_its_place(sonographer: Client) -> None:
    address = created(sonographer, 6)
    wrong = sonographer.patch(address, b"abc", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"})
    assert wrong.status_code == 415
    assert patched(sonographer, address, "here", b"abc").status_code == 400


def test_a_checksum_is_held_against_the_piece(sonographer: Client) -> None:
    address = created(sonographer, 3)
    good = f"sha256 {b64encode(hashlib.sha256(b'abc').digest()).decode()}"
    assert patched(sonographer, address, 0, b"abd", **{"Upload-Checksum": good}).status_code == 460
    assert patched(sonographer, address, 0, b"abc", **{"Upload-Checksum": "crc32 AAAA"}).status_code == 400
    assert patched(sonographer, address, 0, b"abc", **{"Upload-Checksum": "sha256 ?"}).status_code == 400
    assert patched(sonographer, address, 0, b"abc", **{"Upload-Checksum": good}).status_code == 204


def test_a_long_piece_cannot_be_checked(sonographer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "PIECE_BYTES", 2)
    sum_of = f"sha256 {b64encode(hashlib.sha256(b'abc').digest()).decode()}"
    address = created(sonographer, 3)
    assert patched(sonographer, address, 0, b"abc", **{"Upload-Checksum": sum_of}).status_code == 400


def test_a_full_disk_is_told(sonographer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = created(sonographer, 3)
    monkeypatch.setattr(file_store, "RESERVE", 2**60)
    answer = patched(sonographer, address, 0, b"abc")
    assert (answer.status_code, b"disk is full" in answer.content) == (507, True)
    monkeypatch.undo()
    assert patched(sonographer, address, 0, b"abc").status_code == 204


def test_a_delivery_can_be_ended(sonographer: Client) -> None:
    address = created(sonographer, 3)
    assert sonographer.delete(address, headers=TUS).status_code == 204
    assert patched(sonographer, address, 0, b"abc").status_code == 410
    assert sonographer.post(f"{address}take/").status_code == 409


def test_nothing_is_taken_before_all_is_there(sonographer: Client) -> None:
    address = created(sonographer, 6)
    patched(sonographer, address, 0, b"abc")
    assert sonographer.post(f"{address}take/").status_code == 409


def test_a_lost_answer_is_asked_for_again(sonographer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tus, "SECONDS_A_QUESTION", 0.0)
    data = zipped(*(ultrasound_bytes() for _ in range(3)))
    address = created(sonographer, len(data))
    patched(sonographer, address, 0, data)
    assert taken(sonographer, address)["more"] is True
    second = taken(sonographer, address, seen=0)
    assert ([row["position"] for row in second["rows"]], second["more"]) == ([1, 2], True)
    third = taken(sonographer, address, seen=2)
    assert [row["position"] for row in third["rows"]] == [3]
    end = taken(sonographer, address, seen="nonsense")
    assert ([row["position"] for row in end["rows"]], end["more"]) == ([1, 2, 3], False)
    assert Delivery.objects.get().state == DeliveryState.TAKEN


@pytest.mark.requirement("R48")
def test_another_clinic_and_a_stranger_find_nothing(sonographer: Client, outsider: Client) -> None:
    address = created(sonographer, 3)
    for who in (outsider.head, outsider.delete, outsider.options):
        assert who(address, headers=TUS).status_code == 404
    assert patched(outsider, address, 0, b"abc").status_code == 404
    assert outsider.post(f"{address}take/").status_code == 404
    assert patched(Client(), address, 0, b"abc").status_code == 302
    assert Delivery.objects.get().received == 0


def test_a_form_of_another_site_cannot_send(sonographer: Client) -> None:
    address = created(sonographer, 3)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sonographer.cookies
    assert patched(strict, address, 0, b"abc").status_code == 403
