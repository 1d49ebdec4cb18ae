"""A yes may rest because of an incident."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0007_spanish_wordings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="suspension",
            name="cause",
            field=models.CharField(
                choices=[
                    ("family", "Somebody close to the patient asked"),
                    ("death", "The patient has died"),
                    ("capacity", "The patient can no longer decide for herself"),
                    ("doubt", "Staff doubt that it was given freely or for these pictures"),
                    ("incident", "Something went wrong with the pictures and is looked into"),
                ],
                max_length=12,
            ),
        ),
    ]
