"""The Spanish wordings of the eight purposes that ship."""

import tomllib
from pathlib import Path

from django.db import migrations
from django.utils import timezone

from consent.evidence import wording_digest

WORDINGS = Path(__file__).resolve().parent.parent / "wordings" / "es"
PURPOSES = (
    "own_copy",
    "family",
    "social_media",
    "medical_record",
    "consult",
    "teaching",
    "publication",
    "research",
)


def seed(apps, schema_editor):
    """Publish each where its purpose is here and has no Spanish wording; a site's own one stays."""
    wording_model = apps.get_model("consent", "Wording")
    present = set(apps.get_model("consent", "Purpose").objects.values_list("pk", flat=True))
    for code in PURPOSES:
        if code not in present or wording_model.objects.filter(purpose_id=code, language="es").exists():
            continue
        parts = tomllib.loads((WORDINGS / f"{code}_v1.toml").read_text(encoding="utf-8"))
        fields = {**parts, "purpose_id": parts["purpose"]}
        del fields["purpose"]
        wording_model.objects.create(**fields, sha256=wording_digest(parts), published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_purposes_and_profiles")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
