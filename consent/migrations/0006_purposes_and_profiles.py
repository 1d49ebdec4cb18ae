"""Eight purposes with their English wordings, and the rules of three jurisdictions."""

import tomllib
from pathlib import Path

from django.db import migrations
from django.utils import timezone

from consent.evidence import wording_digest

WORDINGS = Path(__file__).resolve().parent.parent / "wordings" / "en"
PURPOSES = (
    {"code": "medical_record", "name": "My medical record", "level": 1, "order": 40, "fhir_code": "TREAT"},
    {
        "code": "consult",
        "name": "Another clinician’s advice",
        "level": 2,
        "order": 50,
        "needs_recipient": True,
        "usual_days": 30,
        "longest_days": 365,
        "fhir_code": "TREAT",
    },
    {"code": "teaching", "name": "Teaching", "level": 2, "order": 60, "fhir_code": "TRAIN"},
    {
        "code": "publication",
        "name": "A publication",
        "level": 3,
        "order": 70,
        "default_off": True,
        "permanence_required": True,
        "needs_recipient": True,
    },
    {
        "code": "research",
        "name": "Research",
        "level": 2,
        "order": 80,
        "default_off": True,
        "fhir_code": "HRESCH",
    },
)
FHIR_CODES = {"own_copy": "PATRQT", "family": "FAMRQT"}
SECOND = ("own_copy", "family", "social_media")
FIRST_VERSION = 1

AUTHORITY = ["authority", "proof", "authority_end", "necessity", "assent_may_lack"]
REPRESENTATIVE = ["authority", "proof", "wishes"]


def rules(*, adult, assess_below, assent_from):
    return (
        {"basis": "adult", "from_age": adult},
        {"basis": "competent_minor", "below_age": adult, "assess_below_age": assess_below, "ends_at_age": adult},
        {
            "basis": "minor_with_parent",
            "below_age": adult,
            "assent_from_age": assent_from,
            "ends_at_age": adult,
        },
        {"basis": "guardian", "assent_from_age": assent_from, "ends_at_age": adult, "facts": AUTHORITY},
        {"basis": "deceased", "facts": REPRESENTATIVE},
    )


PROFILES = (
    (
        {
            "code": "us",
            "name": "United States",
            "leap_birthday": "03-01",
            "is_default": True,
            "source": "45 CFR 164.502(g) and 164.508(c); age of majority 18 in most states, 19 in Alabama and Nebraska: "
            "add a profile there. Assent from 7 years: American Academy of Pediatrics, Pediatrics 2016;138(2).",
        },
        rules(adult=18, assess_below=18, assent_from=7),
    ),
    (
        {
            "code": "uk",
            "name": "United Kingdom",
            "leap_birthday": "03-01",
            "source": "Family Law Reform Act 1969, ss. 1, 8 and 9; Gillick v West Norfolk AHA [1986] AC 112; GMC, "
            "Making and using visual and audio recordings of patients. Majority in Scotland is 16: add a profile there.",
        },
        rules(adult=18, assess_below=16, assent_from=0),
    ),
    (
        {
            "code": "au",
            "name": "Australia",
            "leap_birthday": "03-01",
            "source": "Age of majority 18 in every state and territory; Marion's Case (1992) 175 CLR 218 for the "
            "competent minor; AMA and MIIAA, Clinical images and the use of personal mobile devices.",
        },
        rules(adult=18, assess_below=18, assent_from=7),
    ),
)


def seed(apps, schema_editor):
    purpose_model = apps.get_model("consent", "Purpose")
    for row in PURPOSES:
        purpose_model.objects.update_or_create(code=row["code"], defaults=row)
        publish(apps, row["code"], 1)
    for code, fhir_code in FHIR_CODES.items():
        purpose_model.objects.filter(pk=code).update(fhir_code=fhir_code)
    for code in SECOND:
        replace_first(apps, code)
    for profile, with_rules in PROFILES:
        made = apps.get_model("consent", "Profile").objects.create(**profile)
        for rule in with_rules:
            apps.get_model("consent", "CapacityRule").objects.create(profile=made, **rule)


def publish(apps, code, version):
    wording_model = apps.get_model("consent", "Wording")
    if wording_model.objects.filter(purpose_id=code, language="en").exclude(retired_at__isnull=False).exists():
        return
    parts = tomllib.loads((WORDINGS / f"{code}_v{version}.toml").read_text(encoding="utf-8"))
    fields = {**parts, "purpose_id": parts["purpose"]}
    del fields["purpose"]
    wording_model.objects.create(**fields, sha256=wording_digest(parts), published_at=timezone.now())


def replace_first(apps, code):
    """Publish the second version where the first is in force; a site's own wording stays."""
    live = apps.get_model("consent", "Wording").objects.filter(
        purpose_id=code, language="en", published_at__isnull=False, retired_at__isnull=True, version=FIRST_VERSION
    )
    if live.update(retired_at=timezone.now()):
        publish(apps, code, 2)


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_rules")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
