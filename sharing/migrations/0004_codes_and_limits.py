"""Codes that are sent, links that begin later and have shorter visits, and how long a clinic's links live."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal import table_rules
from ultrasound_portal.table_rules import Rule, changed, install, lift

FIXED = (
    "id", "clinic_id", "patient_id", "study_id", "grant_id", "purpose_code", "recipient_check", "submission",
    "token_hash", "not_before", "created_by_id", "created_at",
)  # fmt: skip
TERMS = "what a link was made for does not change"
OLD = Rule("sharing_link_is_fixed", "sharing_link", "UPDATE", changed(*FIXED, "code_hash"), TERMS)
NEW = Rule(
    "sharing_link_is_fixed", "sharing_link", "UPDATE",
    changed(*FIXED, "second_secret", "contact_object_id", "visit_minutes"), TERMS,
)  # fmt: skip
LIMITS = Rule(
    "sharing_limits_are_fixed", "sharing_linklimits", "UPDATE", "1 = 1", "a version of limits does not change"
)
LIFE = {
    "postgresql": "NEW.not_after > NEW.created_at + interval '366 days'",
    "sqlite": "julianday(NEW.not_after) > julianday(NEW.created_at) + 366",
}


def longest(schema_editor):
    """No link lives for more than a year, whatever a clinic's limits say."""
    condition = LIFE[schema_editor.connection.vendor]
    return Rule("sharing_link_ends", "sharing_link", "INSERT", condition, "a link ends within a year")


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


def guard(apps, schema_editor):
    lift(schema_editor, [OLD])
    install(schema_editor, [NEW, LIMITS, longest(schema_editor)])


def unguard(apps, schema_editor):
    lift(schema_editor, [NEW, LIMITS, longest(schema_editor)])
    install(schema_editor, [OLD])


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_retention"),
        ("consent", "0006_purposes_and_profiles"),
        ("deid", "0005_device_cleared"),
        ("patients", "0002_care_notes"),
        ("sharing", "0003_messages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.CreateModel(
            name="LinkLimits",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("usual_days", models.PositiveSmallIntegerField()),
                ("longest_days", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("door_id", models.UUIDField()),
                ("asked_hash", models.CharField(max_length=64, unique=True)),
                ("code_hash", models.CharField(max_length=128)),
                ("address_match", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="link",
            name="contact_object_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="link",
            name="contact_sealed",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="link",
            name="second_secret",
            field=models.CharField(
                choices=[
                    ("card", "A code on the printed card"),
                    ("email", "A code by e-mail, each time"),
                    ("sms", "A code by text message, each time"),
                ],
                default="card",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="visit_minutes",
            field=models.PositiveSmallIntegerField(default=120),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contact_object_id", None), ("second_secret", "card")),
                    models.Q(("contact_object_id__isnull", False), ("second_secret__in", ["email", "sms"])),
                    _connector="OR",
                ),
                name="sharing_sent_codes_have_a_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("visit_minutes__gte", 5), ("visit_minutes__lte", 120)), name="sharing_visits_end"
            ),
        ),
        migrations.AddField(
            model_name="linklimits",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"),
        ),
        migrations.AddField(
            model_name="linklimits",
            name="published_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(fields=["door_id", "made_at"], name="sharing_code_of_door"),
        ),
        migrations.AddConstraint(
            model_name="onetimecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="sharing_code_has_an_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="linklimits",
            constraint=models.UniqueConstraint(fields=("clinic", "version"), name="sharing_limits_one_per_version"),
        ),
        migrations.AddConstraint(
            model_name="linklimits",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("longest_days__lte", 365), ("usual_days__gte", 1), ("usual_days__lte", models.F("longest_days"))
                ),
                name="sharing_limits_in_order",
            ),
        ),
        migrations.RunPython(put_back, set_aside),
        migrations.RunPython(guard, unguard),
    ]
