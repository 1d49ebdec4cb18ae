"""By what right a decision was made, its copy, suspension, tasks, and the profiles of jurisdictions."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ultrasound_portal import table_rules


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0001_initial"),
        ("consent", "0003_first_wordings"),
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.CreateModel(
            name="Capacity",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="capacity",
                        serialize=False,
                        to="consent.consentrecord",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("adult", "The patient, an adult"),
                            ("competent_minor", "The patient, under age and able to decide this for herself"),
                            ("minor_with_parent", "A parent, with the patient’s own agreement"),
                            ("guardian", "A guardian or another person with authority"),
                            ("deceased", "A representative of a patient who has died"),
                        ],
                        max_length=20,
                    ),
                ),
                ("necessary", models.BooleanField(default=False)),
                (
                    "assent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not asked"),
                            ("given", "She agrees"),
                            ("not_possible", "She cannot say"),
                            ("refused", "She says no"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("of_age", models.BooleanField(default=False)),
                ("details_object_id", models.UUIDField(blank=True, null=True)),
                ("details_sealed", models.BinaryField(blank=True, default=b"")),
                ("details_match", models.CharField(blank=True, default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="CapacityRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("adult", "The patient, an adult"),
                            ("competent_minor", "The patient, under age and able to decide this for herself"),
                            ("minor_with_parent", "A parent, with the patient’s own agreement"),
                            ("guardian", "A guardian or another person with authority"),
                            ("deceased", "A representative of a patient who has died"),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("below_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("assess_below_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("assent_from_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("ends_at_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("facts", models.JSONField(blank=True, default=list)),
            ],
        ),
        migrations.CreateModel(
            name="ClinicProfile",
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
            ],
        ),
        migrations.CreateModel(
            name="ConsentDocument",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("scope_id", models.UUIDField()),
                ("object_id", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="NeededSignature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("patient", "Patient"),
                            ("staff", "Member of staff who heard the refusal"),
                            ("assent", "Patient, agreeing with who decides"),
                            ("parent", "Parent"),
                            ("guardian", "Guardian"),
                            ("representative", "Representative"),
                            ("witness", "Witness"),
                            ("interpreter", "Interpreter"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("code", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("source", models.TextField(help_text="Where the rules come from, so that somebody can check them.")),
                (
                    "leap_birthday",
                    models.CharField(choices=[("02-28", "28 February"), ("03-01", "1 March")], max_length=5),
                ),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="recipient",
                        serialize=False,
                        to="consent.consentrecord",
                    ),
                ),
                ("name_object_id", models.UUIDField()),
                ("name_sealed", models.BinaryField()),
                ("name_match", models.CharField(max_length=64)),
                (
                    "verified_how",
                    models.CharField(
                        choices=[
                            ("register", "Looked up in the professional register"),
                            ("called_back", "Called back on a published number"),
                            ("known", "Known to me in person"),
                            ("contract", "Written agreement with the publisher or project"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="patients.patient",
                    ),
                ),
                ("died_noted_at", models.DateTimeField(blank=True, null=True)),
                ("unable_noted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("family", "Somebody close to the patient asked"),
                            ("death", "The patient has died"),
                            ("capacity", "The patient can no longer decide for herself"),
                            ("doubt", "Staff doubt that it was given freely or for these pictures"),
                        ],
                        max_length=12,
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("reason_object_id", models.UUIDField(blank=True, null=True)),
                ("reason_sealed", models.BinaryField(blank=True, default=b"")),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided yet"),
                            ("resumed", "The yes holds again"),
                            ("ended", "The yes has ended"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decide", "Decide about a yes that is suspended"),
                            ("ask_again", "Ask the patient herself, who has come of age"),
                            ("ends_soon", "Tell the patient that her yes ends soon"),
                            ("signature", "Get the signature that is missing"),
                            ("recall", "Take the pictures out of where they are shown"),
                        ],
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["opened_at"],
            },
        ),
        migrations.CreateModel(
            name="WithheldPurpose",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="grant",
            name="consent_one_standing_answer",
        ),
        migrations.RemoveConstraint(
            model_name="grant",
            name="consent_state_fits_the_answer",
        ),
        migrations.AddField(
            model_name="purpose",
            name="fhir_code",
            field=models.CharField(
                blank=True, default="", help_text="Code of HL7 v3 PurposeOfUse, where there is one.", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="purpose",
            name="needs_recipient",
            field=models.BooleanField(
                default=False,
                help_text="A yes names the clinician or the publication, and staff have checked who that is.",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="evidence_format",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="wording",
            name="disclosed_by",
            field=models.TextField(blank=True, default="", verbose_name="who gives the pictures out"),
        ),
        migrations.AddField(
            model_name="wording",
            name="redisclosure",
            field=models.TextField(blank=True, default="", verbose_name="once the pictures are out"),
        ),
        migrations.AlterField(
            model_name="grant",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting for a signature"),
                    ("active", "Active"),
                    ("suspended", "Suspended"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Expired"),
                    ("superseded", "Replaced"),
                    ("in_error", "Entered in error"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="role",
            field=models.CharField(
                choices=[
                    ("patient", "Patient"),
                    ("staff", "Member of staff who heard the refusal"),
                    ("assent", "Patient, agreeing with who decides"),
                    ("parent", "Parent"),
                    ("guardian", "Guardian"),
                    ("representative", "Representative"),
                    ("witness", "Witness"),
                    ("interpreter", "Interpreter"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="channel",
            field=models.CharField(
                choices=[
                    ("link", "From the patient's own page"),
                    ("in_person", "In person"),
                    ("phone", "By phone"),
                    ("written", "By letter or mail"),
                    ("correction", "Entered in error, noted by staff"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["clinic", "state", "valid_until"], name="consent_grant_running"),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["patient", "-valid_from"], name="consent_grant_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "refused", "suspended"])),
                fields=("patient", "purpose", "scope_id"),
                name="consent_one_standing_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("patient", "purpose", "scope_id"),
                name="consent_one_pending_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "deny"), ("state__in", ["in_error", "refused", "superseded"])),
                    models.Q(
                        ("decision", "permit"),
                        (
                            "state__in",
                            ["active", "expired", "in_error", "pending", "superseded", "suspended", "withdrawn"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="consent_state_fits_the_answer",
            ),
        ),
        migrations.AddField(
            model_name="capacity",
            name="assessor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consentdocument",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"),
        ),
        migrations.AddField(
            model_name="consentdocument",
            name="records",
            field=models.ManyToManyField(related_name="documents", to="consent.consentrecord"),
        ),
        migrations.AddField(
            model_name="neededsignature",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="needed", to="consent.consentrecord"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("is_default",), name="consent_one_default_profile"
            ),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.profile"
            ),
        ),
        migrations.AddField(
            model_name="capacityrule",
            name="profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="consent.profile"
            ),
        ),
        migrations.AddField(
            model_name="capacity",
            name="profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.profile"
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="verified_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="consent.grant"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"),
        ),
        migrations.AddField(
            model_name="task",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="consent.grant"
            ),
        ),
        migrations.AddField(
            model_name="withheldpurpose",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"),
        ),
        migrations.AddField(
            model_name="withheldpurpose",
            name="purpose",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withheld", to="consent.purpose"
            ),
        ),
        migrations.AddConstraint(
            model_name="neededsignature",
            constraint=models.UniqueConstraint(fields=("record", "role"), name="consent_a_name_is_needed_once"),
        ),
        migrations.AddConstraint(
            model_name="capacityrule",
            constraint=models.UniqueConstraint(fields=("profile", "basis"), name="consent_one_rule_for_a_basis"),
        ),
        migrations.AddConstraint(
            model_name="capacityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_age__isnull", True),
                    ("below_age__isnull", True),
                    ("below_age__gt", models.F("from_age")),
                    _connector="OR",
                ),
                name="consent_ages_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="capacity",
            index=models.Index(fields=["basis"], name="consent_capacity_by_basis"),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_sealed", b""), _negated=True),
                    models.Q(("name_match", ""), _negated=True),
                    models.Q(("verified_how", ""), _negated=True),
                ),
                name="consent_recipient_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("grant",), name="consent_one_open_suspension"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["clinic", "done_at", "opened_at"], name="consent_task_of_clinic"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at__isnull", True)), fields=("grant", "kind"), name="consent_one_open_task"
            ),
        ),
        migrations.AddConstraint(
            model_name="withheldpurpose",
            constraint=models.UniqueConstraint(fields=("clinic", "purpose"), name="consent_purpose_withheld_once"),
        ),
        migrations.RunPython(put_back, set_aside),
    ]
