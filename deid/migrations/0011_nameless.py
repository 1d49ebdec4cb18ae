"""Studies of plain pictures name nobody until a person says whose they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two fields; every study so far named its patient in its files."""

    dependencies = [("deid", "0010_worklist")]

    operations = [
        migrations.AddField("study", "nameless", models.BooleanField(default=False)),
        migrations.AddField("study", "matched_at", models.DateTimeField(blank=True, null=True)),
    ]
