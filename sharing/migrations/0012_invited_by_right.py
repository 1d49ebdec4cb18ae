"""Who decides by another right than her own, and who only signs, can be invited as well."""

from django.db import migrations, models

ROLES = [
    ("patient", "Patient"),
    ("staff", "Member of staff who heard the refusal"),
    ("assent", "Patient, agreeing with who decides"),
    ("parent", "Parent"),
    ("guardian", "Guardian"),
    ("representative", "Representative"),
    ("witness", "Witness"),
    ("interpreter", "Interpreter"),
]
BASES = [
    ("adult", "The patient, an adult"),
    ("competent_minor", "The patient, under age and able to decide this for herself"),
    ("minor_with_parent", "A parent, with the patient’s own agreement"),
    ("guardian", "A guardian or another person with authority"),
    ("deceased", "A representative of a patient who has died"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0010_from_afar"),
        ("sharing", "0011_notices"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="invitation", name="sharing_one_open_invitation"),
        migrations.RenameField("invitation", "recipients_object_id", "brief_object_id"),
        migrations.RenameField("invitation", "recipients_sealed", "brief_sealed"),
        migrations.AddField(
            model_name="invitation",
            name="role",
            field=models.CharField(choices=ROLES, default="patient", max_length=16),
        ),
        migrations.AddField(
            model_name="invitation",
            name="basis",
            field=models.CharField(choices=BASES, default="adult", max_length=20),
        ),
        migrations.AddField(
            model_name="invitation",
            name="cosigns",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None), ("revoked_at", None)),
                fields=("study", "role"),
                name="sharing_one_open_invitation",
            ),
        ),
    ]
