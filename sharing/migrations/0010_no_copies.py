"""A patient deletes what was made for sharing, and nothing is made until she asks for it again."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_search_terms"),
        ("sharing", "0009_mailed_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoCopies",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
            ],
        ),
    ]
