"""The outbox; a message that ended stays as it is."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from ultrasound_portal.table_rules import Rule, changed, install, lift

RULES = (
    Rule(
        "sharing_message_stays_ended", "sharing_message", "UPDATE",
        "OLD.state <> 'queued' AND " + changed("state", "ended_at", "fault"),
        "a message that ended stays as it is",
    ),
    Rule(
        "sharing_message_is_fixed", "sharing_message", "UPDATE",
        changed("id", "clinic_id", "patient_id", "link_id", "kind", "channel", "not_after", "created_at"),
        "what a message was written for does not change",
    ),
)  # fmt: skip


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_retention"),
        ("patients", "0001_initial"),
        ("sharing", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(choices=[("email", "E-mail"), ("sms", "Text message")], max_length=8)),
                ("language", models.CharField(max_length=10)),
                ("contents_object_id", models.UUIDField()),
                ("contents_sealed", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent"),
                            ("stopped", "Stopped before it was sent"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("fault", models.CharField(blank=True, max_length=20)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("next_try_at", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="sharing.link",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [models.Index(fields=["clinic", "state", "-created_at"], name="sharing_message_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("not_after__gt", models.F("created_at"))), name="sharing_message_has_an_end"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "queued")),
                            models.Q(models.Q(("state", "queued"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="sharing_message_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fault", ""), ("state__in", ["queued", "sent"])),
                            models.Q(("state__in", ["failed", "stopped"]), models.Q(("fault", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sharing_message_says_why",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
