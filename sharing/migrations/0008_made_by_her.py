"""A link that the patient made herself, through her own link; it is for her family and stays within her study."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal import table_rules
from ultrasound_portal.table_rules import Rule, changed, install, lift

FIXED = (
    "id", "clinic_id", "patient_id", "study_id", "grant_id", "purpose_code", "recipient_check", "submission",
    "token_hash", "not_before", "created_by_id", "created_at", "second_secret", "contact_object_id", "visit_minutes",
)  # fmt: skip
TERMS = "what a link was made for does not change"
OLD = Rule("sharing_link_is_fixed", "sharing_link", "UPDATE", changed(*FIXED), TERMS)
NEW = (
    Rule("sharing_link_is_fixed", "sharing_link", "UPDATE", changed(*FIXED, "made_through_id"), TERMS),
    Rule(
        "sharing_link_of_hers", "sharing_link", "INSERT",
        "NEW.made_through_id IS NOT NULL AND (NEW.purpose_code <> 'family' OR NOT EXISTS (SELECT 1 FROM sharing_link o"
        " WHERE o.id = NEW.made_through_id AND o.purpose_code = 'own_copy' AND o.patient_id = NEW.patient_id"
        " AND o.study_id = NEW.study_id AND o.revoked_at IS NULL))",
        "a patient makes links for her family, through her own link to the same study",
    ),
)  # fmt: skip


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


def guard(apps, schema_editor):
    lift(schema_editor, [OLD])
    install(schema_editor, NEW)


def unguard(apps, schema_editor):
    lift(schema_editor, NEW)
    install(schema_editor, [OLD])


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0007_invitations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.RemoveConstraint(model_name="link", name="sharing_recipient_is_verified"),
        migrations.AddField(
            model_name="link",
            name="made_through",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.link",
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="recipient_check",
            field=models.CharField(
                choices=[
                    ("in_person", "The recipient is here, and I have checked who they are"),
                    ("document", "I have seen an identity document"),
                    ("called_back", "I called back on the number in the patient’s record"),
                    ("by_patient", "The patient passes it on herself"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipient_check__in", ["in_person", "document", "called_back", "by_patient"])),
                name="sharing_recipient_is_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("created_by__isnull", False),
                        ("made_through", None),
                        models.Q(("recipient_check", "by_patient"), _negated=True),
                    ),
                    models.Q(("created_by", None), ("made_through__isnull", False), ("recipient_check", "by_patient")),
                    _connector="OR",
                ),
                name="sharing_link_has_one_maker",
            ),
        ),
        migrations.RunPython(put_back, set_aside),
        migrations.RunPython(guard, unguard),
    ]
