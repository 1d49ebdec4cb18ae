"""Patients are found by a word of the name, the record number or the birth date, without opening anybody's identity.

Each of these is kept as a digest under the index key, so the table tells nothing but that two patients share a word.
"""

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient, SearchTerm
from ultrasound_portal.vault.keyring import match_value

SCOPE = "patients.search"
FOUND_AT_MOST = 25
SHORTEST = 2
_DATES = (
    re.compile(r"(?P<d>\d{1,2})[./ ](?P<m>\d{1,2})[./ ](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"),
)


def write_terms(patient: Patient, *, name: str, record_number: str, birth_date: str) -> None:
    """Let the patient be found by these, and by nothing else."""
    terms = {f"word {word}" for word in _words(name)}
    terms |= {f"record {_joined(record_number)}"} if _joined(record_number) else set()
    terms |= {f"born {birth_date}"} if birth_date else set()
    SearchTerm.objects.filter(patient=patient).delete()
    SearchTerm.objects.bulk_create(
        SearchTerm(patient=patient, digest=digest) for digest in sorted(_digests(patient.clinic_id, terms))
    )


def search(clinic: Clinic, text: str) -> list[UUID]:
    """Return the keys of the newest patients whom `text` fits: all its words, or a record number, or a birth date."""
    found = Patient.objects.filter(clinic=clinic)
    exact = {f"record {_joined(text)}", *(f"born {date}" for date in _dates(text))}
    keys = set(found.filter(search_terms__digest__in=_digests(clinic.pk, exact)).values_list("pk", flat=True))
    words = _words(text)
    if words:
        named = found
        for digest in _digests(clinic.pk, (f"word {word}" for word in words)):
            named = named.filter(search_terms__digest=digest)
        keys |= set(named.order_by("-created_at").values_list("pk", flat=True)[:FOUND_AT_MOST])
    newest = found.filter(pk__in=keys).order_by("-created_at")
    return list(newest.values_list("pk", flat=True)[:FOUND_AT_MOST])


def _digests(clinic_id: UUID, terms: Iterable[str]) -> set[str]:
    return {match_value(term, scope=f"{SCOPE}:{clinic_id}") for term in terms}


def _words(text: str) -> set[str]:
    """Return the words of a name, in one form and one case, without accents."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return {word for word in re.split(r"[\W_]+", bare.casefold()) if len(word) >= SHORTEST and not word.isdigit()}


def _joined(text: str) -> str:
    """Return a record number without whatever people put between its signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _dates(text: str) -> list[str]:
    """Return a day as YYYYMMDD, written day first or year first."""
    matches = [pattern.fullmatch(text.strip()) for pattern in _DATES]
    return [f"{match['y']}{int(match['m']):02}{int(match['d']):02}" for match in matches if match]
