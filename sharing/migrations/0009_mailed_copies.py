"""A message may carry the copy of a sitting; which one never changes."""

import django.db.models.deletion
from django.db import migrations, models

from ultrasound_portal import table_rules
from ultrasound_portal.table_rules import Rule, changed, install, lift

FIXED = ("id", "clinic_id", "patient_id", "link_id", "kind", "channel", "not_after", "created_at")
WHAT = "what a message was written for does not change"
OLD = Rule("sharing_message_is_fixed", "sharing_message", "UPDATE", changed(*FIXED), WHAT)
NEW = Rule("sharing_message_is_fixed", "sharing_message", "UPDATE", changed(*FIXED, "document_id"), WHAT)


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


def guard(apps, schema_editor):
    lift(schema_editor, [OLD])
    install(schema_editor, [NEW])


def unguard(apps, schema_editor):
    lift(schema_editor, [NEW])
    install(schema_editor, [OLD])


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0009_manner"),
        ("sharing", "0008_made_by_her"),
    ]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.AddField(
            model_name="message",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="consent.consentdocument",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", False), ("kind", "copy"))
                | models.Q(models.Q(("kind", "copy"), _negated=True), ("document", None)),
                name="sharing_copy_has_its_document",
            ),
        ),
        migrations.RunPython(put_back, set_aside),
        migrations.RunPython(guard, unguard),
    ]
