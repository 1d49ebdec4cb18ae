"""The ledger outside the portal: lines for a spreadsheet, and FHIR R4 Consent for a chart."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from typing import Any

from consent.models import Grant, Wording
from consent.states import GrantDecision, GrantState

COLUMNS = (
    "answer", "purpose", "state", "decision", "patient", "study", "answered", "ends", "basis", "jurisdiction",
    "language", "wording version", "wording sha256", "evidence sha256", "recorded by",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV Injection), in full width too."""

SYSTEM = "urn:ultrasound-portal:purpose"
V3_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
STATUS = {
    GrantState.PENDING: "proposed",
    GrantState.ACTIVE: "active",
    GrantState.REFUSED: "rejected",
    GrantState.IN_ERROR: "entered-in-error",
}
"""The status of FHIR R4 Consent; every other state is `inactive`."""


def lines(grants: Iterable[Grant], at: datetime.datetime) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the heading first; cells that could be formulas are disarmed."""
    yield _line(COLUMNS)
    for grant in grants:
        right = getattr(grant.record, "capacity", None)
        signatures = sorted(grant.record.signatures.all(), key=lambda one: one.signed_at)
        yield _line(
            [
                str(grant.pk),
                grant.purpose_id,
                grant.state_at(at).value,
                grant.decision,
                str(grant.patient_id),
                str(grant.scope_id),
                grant.valid_from.isoformat(),
                grant.valid_until.isoformat() if grant.valid_until else "",
                right.basis if right else "",
                right.profile_id if right else "",
                grant.wording.language,
                str(grant.wording.version),
                grant.wording.sha256,
                signatures[-1].evidence_sha256 if signatures else "",
                grant.record.opened_by.display_name,
            ]
        )


def disarmed(cell: str) -> str:
    """The cell as a spreadsheet shows it and never computes it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RISKY) else cell


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([disarmed(cell) for cell in cells])
    return out.getvalue()


def fhir_consent(grant: Grant, at: datetime.datetime) -> dict[str, Any]:
    """Return one answer as a Consent resource of FHIR R4 (hl7.org/fhir/R4/consent.html), without a name.

    The policy URI names the exact wording, as IHE PCF asks; `verification` says that the patient, or who decided for
    her, signed; a yes is a permit for the pictures shown and nothing else, a no is a deny.
    """
    permits = grant.decision == GrantDecision.PERMIT
    signatures = list(grant.record.signatures.all())
    provision: dict[str, Any] = {
        "type": "permit" if permits else "deny",
        "period": _period(grant),
        "purpose": [_purpose(grant)],
    }
    shown = [{"meaning": "instance", "reference": {"identifier": _uuid(i.artefact_id)}} for i in grant.images.all()]
    if shown:
        provision["data"] = shown
    return {
        "resourceType": "Consent",
        "id": str(grant.pk),
        "identifier": [_uuid(grant.pk)],
        "status": STATUS.get(grant.state_at(at), "inactive"),
        "scope": _coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        "category": [_coded("http://loinc.org", "59284-0")],
        "patient": {"identifier": _uuid(grant.patient_id)},
        "dateTime": grant.valid_from.isoformat(),
        "organization": [{"identifier": _uuid(grant.clinic_id), "display": grant.clinic.name}],
        "sourceReference": {"identifier": _evidence(signatures[-1].evidence_sha256 if signatures else "none")},
        "policy": [{"uri": _policy(grant.wording)}],
        "verification": [
            {"verified": True, "verificationDate": signature.signed_at.isoformat()} for signature in signatures
        ],
        "provision": provision,
    }


def _period(grant: Grant) -> dict[str, str]:
    period = {"start": grant.valid_from.isoformat()}
    return period | ({"end": grant.valid_until.isoformat()} if grant.valid_until else {})


def _purpose(grant: Grant) -> dict[str, str]:
    if grant.purpose.fhir_code:
        return {"system": V3_REASON, "code": grant.purpose.fhir_code, "display": grant.purpose.name}
    return {"system": SYSTEM, "code": grant.purpose_id, "display": grant.purpose.name}


def _policy(wording: Wording) -> str:
    return f"urn:ultrasound-portal:wording:{wording.purpose_id}:{wording.language}:{wording.version}:{wording.sha256}"


def _uuid(key: object) -> dict[str, str]:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{key}"}


def _evidence(sha256: str) -> dict[str, str]:
    return {"system": "urn:ultrasound-portal:evidence-sha256", "value": sha256}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
