"""Files made for sharing; the tables keep that each is of a file of the patient's, by its hash, and never changes."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from ultrasound_portal.table_rules import Rule, install, lift

FORMATS = [
    "film",
    "film_portrait",
    "film_square",
    "film_story",
    "loop",
    "original",
    "portrait",
    "print",
    "square",
    "story",
]

RULES = (
    Rule(
        "deid_render_of_what_she_gets", "deid_render", "INSERT",
        "NOT EXISTS (SELECT 1 FROM deid_artefact a WHERE a.id = NEW.basis_id AND a.instance_id = NEW.instance_id"
        " AND a.sha256 = NEW.basis_sha256 AND a.kind IN ('still_png', 'film'))",
        "a render is of a file that the patient gets",
    ),
    Rule("deid_render_is_fixed", "deid_render", "UPDATE", "1 = 1", "a render does not change"),
)  # fmt: skip


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [("deid", "0008_device_rules")]

    operations = [
        migrations.CreateModel(
            name="Render",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("basis_sha256", models.CharField(max_length=64)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("original", "original"),
                            ("square", "square"),
                            ("portrait", "portrait"),
                            ("story", "story"),
                            ("print", "print"),
                            ("film", "film"),
                            ("film_square", "film_square"),
                            ("film_portrait", "film_portrait"),
                            ("film_story", "film_story"),
                            ("loop", "loop"),
                        ],
                        max_length=16,
                    ),
                ),
                ("object_id", models.UUIDField(unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=32)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("brand_version", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="renders", to="deid.artefact"
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="renders", to="deid.instance"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("instance", "format"), name="deid_render_once_per_format"),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", FORMATS)), name="deid_render_format_is_known"
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
