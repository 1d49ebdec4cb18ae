"""How a patient wishes to be met, in versions of which none is changed or taken away."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal.table_rules import Rule, install, lift

RULES = (
    Rule(
        "patients_care_note_is_fixed", "patients_carenote", "UPDATE",
        "1 = 1", "a version of a care status does not change",
    ),
    Rule(
        "patients_care_note_stays", "patients_carenote", "DELETE",
        "1 = 1", "a version of a care status stays",
    ),
)  # fmt: skip


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("quiet", models.BooleanField()),
                ("status_object_id", models.UUIDField()),
                ("status_sealed", models.BinaryField()),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="care_notes", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["patient", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("patient", "number"), name="patients_one_care_note_per_number"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="patients_care_notes_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("status_sealed", b""), _negated=True),
                        name="patients_care_status_is_sealed",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
