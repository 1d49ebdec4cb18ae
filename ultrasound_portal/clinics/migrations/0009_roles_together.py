from itertools import combinations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = ("sonographer", "clinician", "reviewer", "administrator", "auditor")
KNOWN = models.Q(roles__in=[",".join(held) for number in range(1, 6) for held in combinations(ROLES, number)])


def keep_what_administrators_may(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """An administrator held every right; the role of clinician beside it is what those rights are called."""
    members = apps.get_model("clinics", "Membership")
    members.objects.filter(roles="administrator").update(roles="clinician,administrator")


class Migration(migrations.Migration):
    dependencies = [("clinics", "0008_tries_by_axes")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="clinics_known_role"),
        migrations.RenameField(model_name="membership", old_name="role", new_name="roles"),
        migrations.RenameField(model_name="invitation", old_name="role", new_name="roles"),
        migrations.AlterField(model_name="membership", name="roles", field=models.CharField(max_length=64)),
        migrations.AlterField(model_name="invitation", name="roles", field=models.CharField(max_length=64)),
        migrations.RunPython(keep_what_administrators_may, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(name="clinics_known_roles", condition=KNOWN),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(name="clinics_known_roles_invited", condition=KNOWN),
        ),
    ]
