"""The ledger reads the answers in one state, newest first, without sorting them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0011_versions_of_rules")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["clinic", "state", "-valid_from"], name="consent_grant_by_state"),
        ),
    ]
