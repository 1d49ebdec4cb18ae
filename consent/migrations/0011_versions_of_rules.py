"""The rules of a jurisdiction come in versions, and a version never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from ultrasound_portal import table_rules
from ultrasound_portal.table_rules import Rule, changed, install, lift

FIXED = "rules that were made stay as they are; make the next version"
RULES = (
    Rule(
        "consent_rules_are_fixed", "consent_capacityrule", "UPDATE",
        changed(
            "id", "profile_id", "basis", "from_age", "below_age", "assess_below_age", "assent_from_age", "ends_at_age",
            "facts", "from_afar",
        ),
        FIXED,
    ),
    Rule(
        "consent_profile_is_fixed", "consent_profile", "UPDATE",
        changed("code", "name", "source", "leap_birthday", "family", "version", "made_by_id", "made_at"),
        FIXED,
    ),
)  # fmt: skip


def set_aside(apps, schema_editor):
    table_rules.set_aside(schema_editor)


def put_back(apps, schema_editor):
    table_rules.put_back(schema_editor)


def name_families(apps, schema_editor):
    apps.get_model("consent", "Profile").objects.update(family=F("code"))


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0010_from_afar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.AlterModelOptions(name="profile", options={"ordering": ["name", "version"]}),
        migrations.AddField(
            model_name="profile",
            name="family",
            field=models.SlugField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(model_name="profile", name="version", field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            model_name="profile",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(model_name="profile", name="made_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(name_families, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(fields=("family", "version"), name="consent_one_version_of_rules"),
        ),
        migrations.RunPython(put_back, set_aside),
        migrations.RunPython(guard, unguard),
    ]
