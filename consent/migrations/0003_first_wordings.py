"""The three purposes every portal starts with, and their first English wordings."""

import tomllib
from pathlib import Path

from django.db import migrations
from django.utils import timezone

from consent.evidence import wording_digest

WORDINGS = Path(__file__).resolve().parent.parent / "wordings" / "en"
PURPOSES = (
    {"code": "own_copy", "name": "My own copy", "level": 1, "order": 10},
    {"code": "family", "name": "Family and friends", "level": 2, "order": 20},
    {
        "code": "social_media",
        "name": "Social media",
        "level": 3,
        "order": 30,
        "default_off": True,
        "permanence_required": True,
    },
)


def seed(apps, schema_editor):
    purpose_model = apps.get_model("consent", "Purpose")
    wording_model = apps.get_model("consent", "Wording")
    for row in PURPOSES:
        purpose_model.objects.create(**row)
        parts = tomllib.loads((WORDINGS / f"{row['code']}_v1.toml").read_text(encoding="utf-8"))
        fields = {**parts, "purpose_id": parts["purpose"]}
        del fields["purpose"]
        wording_model.objects.create(**fields, sha256=wording_digest(parts), published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_guards")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
