"""Rules that the tables themselves keep, on SQLite and on PostgreSQL: what is signed or published never changes."""

from django.db import migrations

from ultrasound_portal.table_rules import Rule, changed, install, lift

WORDING_COLUMNS = (
    "id", "purpose_id", "language", "version", "title", "purpose_text", "uses", "audience", "retention", "storage",
    "withdrawal_limits", "care_unaffected", "permanence", "sha256", "published_at",
)  # fmt: skip
GRANT_COLUMNS = (
    "id", "record_id", "clinic_id", "patient_id", "purpose_id", "scope_id", "wording_id", "decision", "valid_from",
    "valid_until",
)  # fmt: skip
CLOSED = "EXISTS (SELECT 1 FROM consent_signature s WHERE s.record_id = {record})"
LACKS_PERMANENCE = (
    "NEW.published_at IS NOT NULL AND NEW.permanence = '' AND EXISTS "
    "(SELECT 1 FROM consent_purpose p WHERE p.code = NEW.purpose_id AND p.permanence_required)"
)

RULES = (
    Rule(
        "consent_wording_published_is_fixed", "consent_wording", "UPDATE",
        f"OLD.published_at IS NOT NULL AND ({changed(*WORDING_COLUMNS)} OR OLD.retired_at IS NOT NULL)",
        "a published wording does not change",
    ),
    Rule(
        "consent_wording_published_stays", "consent_wording", "DELETE",
        "OLD.published_at IS NOT NULL", "a published wording is not deleted",
    ),
    Rule(
        "consent_wording_permanence_on_insert", "consent_wording", "INSERT",
        LACKS_PERMANENCE, "this purpose needs a statement of permanence",
    ),
    Rule(
        "consent_wording_permanence_on_update", "consent_wording", "UPDATE",
        LACKS_PERMANENCE, "this purpose needs a statement of permanence",
    ),
    Rule(
        "consent_record_is_fixed", "consent_consentrecord", "UPDATE",
        "1 = 1", "a consent record does not change",
    ),
    Rule(
        "consent_record_stays", "consent_consentrecord", "DELETE",
        "1 = 1", "a consent record is not deleted",
    ),
    Rule(
        "consent_signature_is_fixed", "consent_signature", "UPDATE",
        "1 = 1", "a signature does not change",
    ),
    Rule(
        "consent_signature_stays", "consent_signature", "DELETE",
        "1 = 1", "a signature is not deleted",
    ),
    Rule(
        "consent_grant_is_fixed", "consent_grant", "UPDATE",
        changed(*GRANT_COLUMNS), "only the state of a grant moves",
    ),
    Rule(
        "consent_grant_moves", "consent_grant", "UPDATE",
        "NEW.state <> OLD.state AND NOT ("
        "(OLD.state = 'active' AND NEW.state IN ('withdrawn', 'expired', 'superseded'))"
        " OR (OLD.state = 'refused' AND NEW.state = 'superseded'))",
        "this move of a grant is not allowed",
    ),
    Rule(
        "consent_grant_withdrawn_by_someone", "consent_grant", "UPDATE",
        "NEW.state = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM consent_withdrawal w WHERE w.grant_id = NEW.id)",
        "a grant is withdrawn only with a withdrawal on record",
    ),
    Rule(
        "consent_grant_starts_standing", "consent_grant", "INSERT",
        "NEW.state NOT IN ('active', 'refused')", "a grant starts active or refused",
    ),
    Rule(
        "consent_grant_stays", "consent_grant", "DELETE",
        "1 = 1", "a grant is not deleted",
    ),
    Rule(
        "consent_grant_before_signing", "consent_grant", "INSERT",
        CLOSED.format(record="NEW.record_id"), "a signed record is closed",
    ),
    Rule(
        "consent_image_before_signing", "consent_grantimage", "INSERT",
        "EXISTS (SELECT 1 FROM consent_signature s JOIN consent_grant g ON g.record_id = s.record_id"
        " WHERE g.id = NEW.grant_id)",
        "a signed record is closed",
    ),
    Rule(
        "consent_image_is_fixed", "consent_grantimage", "UPDATE",
        "1 = 1", "a picture in the evidence does not change",
    ),
    Rule(
        "consent_image_stays", "consent_grantimage", "DELETE",
        "1 = 1", "a picture in the evidence is not deleted",
    ),
    Rule(
        "consent_withdrawal_of_active", "consent_withdrawal", "INSERT",
        "NOT EXISTS (SELECT 1 FROM consent_grant g WHERE g.id = NEW.grant_id AND g.state = 'active')",
        "only an active grant is withdrawn",
    ),
    Rule(
        "consent_withdrawal_is_fixed", "consent_withdrawal", "UPDATE",
        "1 = 1", "a withdrawal does not change",
    ),
    Rule(
        "consent_withdrawal_stays", "consent_withdrawal", "DELETE",
        "1 = 1", "a withdrawal is not deleted",
    ),
)  # fmt: skip


def refuse_truncate():
    """PostgreSQL empties a table without a row's trigger; SQLite has no such statement."""
    yield (
        "CREATE FUNCTION consent_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
        "RAISE EXCEPTION 'what was agreed is not deleted' USING ERRCODE = 'integrity_constraint_violation'; "
        "END $guard$"
    )
    for table in sorted({rule.table for rule in RULES if rule.event == "DELETE"}):
        yield (
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION consent_refuse_truncate()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_whole"


def guard(apps, schema_editor):
    install(schema_editor, RULES)
    if schema_editor.connection.vendor == "postgresql":
        for statement in refuse_truncate():
            schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION consent_refuse_truncate() CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
