"""The tables of consent."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_initial"),
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "place",
                    models.CharField(
                        choices=[("clinic", "In the clinic"), ("elsewhere", "Outside the clinic")],
                        default="clinic",
                        max_length=12,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("code", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "level",
                    models.PositiveSmallIntegerField(help_text="How far pictures travel: 1 stays with the patient."),
                ),
                (
                    "default_off",
                    models.BooleanField(default=False, help_text="Absent until a clinic switches it on."),
                ),
                (
                    "permanence_required",
                    models.BooleanField(
                        default=False,
                        help_text="The patient acknowledges on its own that a posted picture stays.",
                    ),
                ),
                ("usual_days", models.PositiveIntegerField(default=365)),
                ("longest_days", models.PositiveIntegerField(default=1826)),
                ("order", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "ordering": ["order", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usual_days__gte", 1), ("usual_days__lte", models.F("longest_days"))),
                        name="consent_purpose_days_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_id", models.UUIDField()),
                ("decision", models.CharField(choices=[("permit", "Yes"), ("deny", "No")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("superseded", "Replaced"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="consent.consentrecord",
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.purpose"
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from", "id"],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("actor", models.CharField(max_length=80)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("link", "From the patient's own page"),
                            ("in_person", "In person"),
                            ("phone", "By phone"),
                            ("written", "By letter or mail"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason_object_id", models.UUIDField(blank=True, null=True)),
                ("reason_sealed", models.BinaryField(blank=True, default=b"")),
                ("received_at", models.DateTimeField()),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="consent.grant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("language", models.CharField(help_text="BCP 47 tag, such as en.", max_length=12)),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("purpose_text", models.TextField(blank=True, verbose_name="why")),
                ("uses", models.TextField(blank=True, verbose_name="how the pictures are used")),
                ("audience", models.TextField(blank=True, verbose_name="who will see them")),
                ("retention", models.TextField(blank=True, verbose_name="how long they are kept")),
                ("storage", models.TextField(blank=True, verbose_name="how they are stored")),
                (
                    "withdrawal_limits",
                    models.TextField(blank=True, verbose_name="what changing your mind can and cannot do"),
                ),
                ("care_unaffected", models.TextField(blank=True, verbose_name="your care stays the same")),
                ("permanence", models.TextField(blank=True, verbose_name="what is posted stays posted")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="consent.purpose",
                    ),
                ),
            ],
            options={
                "ordering": ["purpose", "language", "-version"],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="wording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.wording"
            ),
        ),
        migrations.CreateModel(
            name="GrantImage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("picture_id", models.UUIDField()),
                ("artefact_id", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=20)),
                ("shown_at", models.DateTimeField()),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="images", to="consent.grant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "artefact_id"), name="consent_picture_shown_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferedPurpose",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="consent.purpose",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "purpose"), name="consent_purpose_offered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("patient", "Patient"), ("staff", "Member of staff who heard the refusal")],
                        max_length=12,
                    ),
                ),
                ("name_object_id", models.UUIDField()),
                ("name_sealed", models.BinaryField()),
                ("name_match", models.CharField(max_length=64)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("typed", "Name typed on the clinic's screen"),
                            ("spoken", "Said aloud, typed by staff"),
                            ("paper", "Signed on paper, typed by staff"),
                        ],
                        max_length=12,
                    ),
                ),
                ("permanence_acknowledged", models.BooleanField(default=False)),
                ("signed_at", models.DateTimeField()),
                ("evidence_sha256", models.CharField(max_length=64)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="consent.consentrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("record", "role"), name="consent_one_signature_per_role"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_sealed", b""), _negated=True), models.Q(("name_match", ""), _negated=True)
                        ),
                        name="consent_signature_has_a_name",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                fields=("purpose", "language", "version"), name="consent_wording_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", False), ("retired_at__isnull", True)),
                fields=("purpose", "language"),
                name="consent_one_live_wording",
            ),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at__isnull", True),
                    models.Q(
                        ("title", ""),
                        ("purpose_text", ""),
                        ("uses", ""),
                        ("audience", ""),
                        ("retention", ""),
                        ("storage", ""),
                        ("withdrawal_limits", ""),
                        ("care_unaffected", ""),
                        ("sha256", ""),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="consent_published_wording_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.CheckConstraint(
                condition=models.Q(("retired_at__isnull", True), ("published_at__isnull", False), _connector="OR"),
                name="consent_only_published_wording_retires",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["clinic", "-valid_from"], name="consent_grant_ledger"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "refused"])),
                fields=("patient", "purpose", "scope_id"),
                name="consent_one_standing_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "deny"), ("valid_until__isnull", True)),
                    models.Q(
                        ("decision", "permit"),
                        ("valid_until__gt", models.F("valid_from")),
                        ("valid_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="consent_a_yes_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "deny"), ("state__in", ["refused", "superseded"])),
                    models.Q(
                        ("decision", "permit"),
                        ("state__in", ["active", "withdrawn", "expired", "superseded"]),
                    ),
                    _connector="OR",
                ),
                name="consent_state_fits_the_answer",
            ),
        ),
    ]
