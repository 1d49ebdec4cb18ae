"""Pictures that may tell the sex of the child stay closed until she opens them, for each purpose on its own."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deid", "0006_edits"),
        ("sharing", "0004_codes_and_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SexWish",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("purpose_code", models.CharField(max_length=40)),
                ("wanted", models.BooleanField()),
                ("said_at", models.DateTimeField()),
                (
                    "said_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deid.study"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "purpose_code"), name="sharing_one_sex_wish_per_purpose")
                ],
            },
        ),
    ]
