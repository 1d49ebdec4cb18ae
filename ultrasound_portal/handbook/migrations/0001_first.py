"""The handbook, its readers and the switch; what was published or read stays."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal.table_rules import Rule, install, lift

RULES = tuple(
    Rule(f"{table}_{event.lower()}_refused", table, event, "1 = 1", "what was published or read stays")
    for table in ("handbook_edition", "handbook_reading")
    for event in ("UPDATE", "DELETE")
)


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0003_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Demand",
            fields=[
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="clinics.clinic",
                    ),
                ),
                ("reading_required", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "chapter",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("access", "Who may look"),
                            ("encryption", "Keeping things sealed"),
                            ("cleaning", "Taking names out of pictures"),
                            ("sharing", "Sharing"),
                            ("training", "Training"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="handbook.edition"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("clinic", "chapter", "version"), name="handbook_one_edition_of_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="handbook_edition_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("edition", "user"), name="handbook_read_once"),
        ),
        migrations.RunPython(guard, unguard),
    ]
