"""A page speaks the patient's own language, else her browser's; the clinic's pages speak English."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from tests.factories.sharing import make_scene
from ultrasound_portal.languages import NAMES, PatientLanguage, locale_of, speak
from ultrasound_portal.patients.services import note_language


def spoken(path: str, accepts: str) -> str:
    """Return the language that a page at `path` finds set."""
    request = RequestFactory().get(path, headers={"Accept-Language": accepts})
    return PatientLanguage(lambda _: HttpResponse(translation.get_language()))(request).content.decode()


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/v/", "es", "es"),
        ("/v/pictures/", "es-MX,en;q=0.5", "es"),
        ("/v/", "en-US,es;q=0.5", "en-gb"),
        ("/v/", "fr", "en-gb"),
        ("/v/", "../../etc/passwd\x00,,;q=x", "en-gb"),
        ("/desk/", "es", "en-gb"),
        ("/sign-in/", "es", "en-gb"),
    ],
)
def test_the_browser_is_heard_on_a_patients_page_only(path: str, accepts: str, language: str) -> None:
    assert spoken(path, accepts) == language


def test_nothing_of_one_request_is_left_for_the_next() -> None:
    def hers(_: HttpRequest) -> HttpResponse:
        speak("es")
        return HttpResponse(translation.get_language())

    assert PatientLanguage(hers)(RequestFactory().get("/v/")).content == b"es"
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_every_language_has_a_locale_that_django_knows() -> None:
    assert {locale_of(language) for language in NAMES} == {code for code, _ in settings.LANGUAGES}


@pytest.mark.requirement("R11")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hers", "accepts", "heading"),
    [
        ("", "en", "Your scan pictures"),
        ("", "es", "Las imágenes de su ecografía"),
        ("es", "en", "Las imágenes de su ecografía"),
        ("en", "es", "Your scan pictures"),
    ],
)
def test_her_own_language_wins_over_the_browsers(hers: str, accepts: str, heading: str) -> None:
    scene = make_scene()
    note_language(scene.patient, hers)
    page = scene.open(Client(headers={"Accept-Language": accepts})).get(reverse("sharing:pictures"))
    assert heading in page.content.decode()
    assert page["Vary"].count("Accept-Language") == 1


@pytest.mark.django_db
def test_the_door_and_a_closed_page_speak_her_browsers_language() -> None:
    browser = Client(headers={"Accept-Language": "es"})
    assert "Entre con su código" in browser.get(reverse("sharing:entry")).content.decode()
    closed = browser.post(reverse("sharing:open"), {"secret": "none", "code": "none"})
    assert "Esta página está cerrada" in closed.content.decode()
    assert '<html lang="es" dir="ltr"' in closed.content.decode()
