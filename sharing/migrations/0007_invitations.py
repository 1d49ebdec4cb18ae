"""Invitations to decide from afar."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_retention"),
        ("consent", "0009_manner"),
        ("deid", "0006_edits"),
        ("patients", "0003_language"),
        ("sharing", "0006_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked", models.JSONField()),
                ("language", models.CharField(max_length=12)),
                (
                    "second_secret",
                    models.CharField(
                        choices=[
                            ("", "None"),
                            ("card", "Code on a printed card or said aloud"),
                            ("email", "Code by e-mail"),
                            ("sms", "Code by text message"),
                        ],
                        max_length=12,
                    ),
                ),
                ("recipients_object_id", models.UUIDField()),
                ("recipients_sealed", models.BinaryField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("code_hash", models.CharField(max_length=128)),
                ("not_after", models.DateTimeField()),
                ("failed_attempts", models.PositiveIntegerField(default=0)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
                ("session_hash", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("session_began_at", models.DateTimeField(blank=True, null=True)),
                ("session_seen_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.consentdocument",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deid.study"),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("not_after__gt", models.F("created_at"))),
                        name="sharing_invitation_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("copy", None)),
                            models.Q(("answered_at__isnull", False), ("copy__isnull", False)),
                            _connector="OR",
                        ),
                        name="sharing_invitation_answered_with_a_copy",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None), ("revoked_at", None)),
                        fields=("study",),
                        name="sharing_one_open_invitation",
                    ),
                ],
            },
        ),
    ]
