"""Which rights may be used outside the clinic: every one but a representative's, who is met in person."""

from django.db import migrations, models

IN_PERSON = "deceased"


def open_doors(apps, schema_editor):
    apps.get_model("consent", "CapacityRule").objects.exclude(basis=IN_PERSON).update(from_afar=True)


class Migration(migrations.Migration):
    dependencies = [("consent", "0009_manner")]

    operations = [
        migrations.AddField(
            model_name="capacityrule",
            name="from_afar",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(open_doors, migrations.RunPython.noop),
    ]
