"""How a sitting was held: behind which second secret, and the drawing of a signature that was drawn."""

from django.db import migrations, models

from ultrasound_portal import table_rules


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_incidents")]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.AddField(
            model_name="consentrecord",
            name="second_secret",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "None"),
                    ("card", "Code on a printed card or said aloud"),
                    ("email", "Code by e-mail"),
                    ("sms", "Code by text message"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="drawing_object_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="drawing_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="signature",
            name="method",
            field=models.CharField(
                choices=[
                    ("typed", "Name typed on the clinic's screen"),
                    ("spoken", "Said aloud, typed by staff"),
                    ("paper", "Signed on paper, typed by staff"),
                    ("remote", "Name typed on the patient's own device"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(put_back, set_aside),
    ]
