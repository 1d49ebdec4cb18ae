"""Triggers that let the trail grow and nothing else."""

from django.db import migrations

from ultrasound_portal.audit import guards


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guards.install, guards.lift)]
