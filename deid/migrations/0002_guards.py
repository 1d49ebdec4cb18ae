"""Rules that the tables themselves keep, on SQLite and on PostgreSQL: a version of a policy never changes."""

from django.db import migrations

from ultrasound_portal.table_rules import Rule, install, lift

RULES = (
    Rule("deid_policy_is_fixed", "deid_textpolicy", "UPDATE", "1 = 1", "a version of a policy does not change"),
    Rule("deid_policy_stays", "deid_textpolicy", "DELETE", "1 = 1", "a version of a policy is not deleted"),
)


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [("deid", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
