"""In which language a page speaks: on a patient's pages her own, else her browser's; the clinic's pages speak English.

A patient's language is a short tag such as `es` (BCP 47), the same that stands on a wording.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

ENGLISH = "en"
NAMES = {ENGLISH: "English", "es": "Español"}
"""The languages that pages and wordings come in, by their own names."""

PATIENT_PATHS = ("/v/",)
"""Where the addresses of a patient's pages begin."""


class PatientLanguage:
    """Has a patient's page speak her browser's language until it is known who she is; see `speak`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language of the page, whatever this thread spoke before."""
        hers = request.path_info.startswith(PATIENT_PATHS)
        with translation.override(translation.get_language_from_request(request) if hers else settings.LANGUAGE_CODE):
            response = self.get_response(request)
        if hers:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def locale_of(language: str) -> str:
    """Return the tag by which Django knows a language: dates and numbers of English pages are British."""
    return settings.LANGUAGE_CODE if language == ENGLISH else language


def speak(language: str) -> None:
    """Go on in a patient's own language for the rest of this request; an empty one leaves what the browser asked."""
    if language:
        translation.activate(locale_of(language))
