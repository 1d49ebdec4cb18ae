"""Incidents with their steps; the tables keep what an incident was and when it was closed."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal.table_rules import Rule, changed, install, lift

RULES = (
    Rule(
        "sharing_incident_is_fixed", "sharing_incident", "UPDATE",
        changed("id", "clinic_id", "study_id", "kind", "account_object_id", "account_sealed", "known_at", "opened_at",
                "opened_by_id", "links_closed", "consents_rested"),
        "what an incident was does not change",
    ),
    Rule(
        "sharing_incident_stays_closed", "sharing_incident", "UPDATE",
        "OLD.closed_at IS NOT NULL", "an incident that was closed stays as it is",
    ),
    Rule("sharing_incident_stays", "sharing_incident", "DELETE", "1 = 1", "an incident stays on record"),
    Rule(
        "sharing_step_stays_done", "sharing_incidentstep", "UPDATE",
        "OLD.done_at IS NOT NULL", "a step that was done stays done",
    ),
)  # fmt: skip


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_retention"),
        ("deid", "0006_edits"),
        ("sharing", "0005_sex_wishes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("posted", "A picture was posted or passed on without consent"),
                            ("wrong_person", "Pictures reached the wrong person"),
                            ("not_clean", "A picture shows who the patient is"),
                            ("misuse", "Somebody on the staff looked or shared without need"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("account_object_id", models.UUIDField()),
                ("account_sealed", models.BinaryField()),
                ("known_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("links_closed", models.PositiveIntegerField()),
                ("consents_rested", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided yet"),
                            ("reported", "It was a breach and has been reported"),
                            ("not_reportable", "It was a breach, and the law asks for no report"),
                            ("no_breach", "It was no breach"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deid.study"),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("take_down", "Ask for what was posted or passed on to be taken down"),
                            ("tell_risk", "Tell risk management and the ethics committee"),
                            ("assess", "Judge whether the law calls it a breach, and write down why"),
                            ("tell_patient", "Tell the patient, in words she understands"),
                            ("report", "Report it where the law asks for that"),
                        ],
                        max_length=16,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="sharing.incident"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["clinic", "closed_at", "-opened_at"], name="sharing_incident_of_clinic"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("known_at__lte", models.F("opened_at"))), name="sharing_incident_known_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["posted", "wrong_person", "not_clean", "misuse", "other"])),
                name="sharing_incident_has_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="sharing_incident_closed_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentstep",
            constraint=models.UniqueConstraint(fields=("incident", "kind"), name="sharing_step_once_per_incident"),
        ),
        migrations.AddConstraint(
            model_name="incidentstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="sharing_step_done_by_whom",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
