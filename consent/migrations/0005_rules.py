"""Rules that the tables keep: who signed, why a yes rests, one entry on the trail for each move."""
# ruff: noqa: S608 - every piece of these statements is a constant of this file

from importlib import import_module

from django.db import migrations

from ultrasound_portal.table_rules import Rule, changed, install, lift

FIRST = import_module("consent.migrations.0002_guards")
REPLACED = {
    "consent_wording_published_is_fixed",
    "consent_grant_moves",
    "consent_grant_starts_standing",
    "consent_withdrawal_of_active",
}
FORMER = [rule for rule in FIRST.RULES if rule.name in REPLACED]

SIGNED = "EXISTS (SELECT 1 FROM consent_signature s WHERE s.record_id = {record})"
PUBLISHED_NOW = "NEW.published_at IS NOT NULL AND (NEW.disclosed_by = '' OR NEW.redisclosure = '')"
ENDS = "'withdrawn', 'expired', 'superseded', 'in_error'"
ACTIVATED = "NEW.state = 'active' AND OLD.state <> 'active'"
EVENT = (
    "CASE NEW.state"
    " WHEN 'active' THEN CASE OLD.state WHEN 'pending' THEN 'consent_given' ELSE 'consent_resumed' END"
    " WHEN 'suspended' THEN 'consent_suspended' WHEN 'withdrawn' THEN 'consent_withdrawn'"
    " WHEN 'superseded' THEN 'consent_superseded' WHEN 'expired' THEN 'consent_expired'"
    " ELSE 'consent_in_error' END"
)
FIXED = (
    ("consent_capacity", "the right behind a decision"),
    ("consent_neededsignature", "the list of names that a yes needs"),
    ("consent_recipient", "the recipient of a yes"),
    ("consent_consentdocument", "a copy for the patient"),
    ("consent_consentdocument_records", "what a copy is of"),
)

RULES = (
    Rule(
        "consent_wording_published_is_fixed", "consent_wording", "UPDATE",
        f"OLD.published_at IS NOT NULL AND ({changed(*FIRST.WORDING_COLUMNS, 'disclosed_by', 'redisclosure')}"
        " OR OLD.retired_at IS NOT NULL)",
        "a published wording does not change",
    ),
    Rule(
        "consent_wording_says_who_gives_on_insert", "consent_wording", "INSERT",
        PUBLISHED_NOW, "a wording says who gives the pictures out and what others may do with them",
    ),
    Rule(
        "consent_wording_says_who_gives_on_update", "consent_wording", "UPDATE",
        f"OLD.published_at IS NULL AND {PUBLISHED_NOW}",
        "a wording says who gives the pictures out and what others may do with them",
    ),
    Rule(
        "consent_grant_moves", "consent_grant", "UPDATE",
        "NEW.state <> OLD.state AND NOT ("
        f"(OLD.state = 'pending' AND NEW.state IN ('active', {ENDS}))"
        f" OR (OLD.state = 'active' AND NEW.state IN ('suspended', {ENDS}))"
        f" OR (OLD.state = 'suspended' AND NEW.state IN ('active', {ENDS}))"
        " OR (OLD.state = 'refused' AND NEW.state IN ('superseded', 'in_error')))",
        "this move of a grant is not allowed",
    ),
    Rule(
        "consent_grant_starts_standing", "consent_grant", "INSERT",
        "NEW.state NOT IN ('pending', 'refused')", "a grant starts pending or refused",
    ),
    Rule(
        "consent_grant_moves_on_the_trail", "consent_grant", "UPDATE",
        "NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM audit_entry e JOIN audit_head h ON h.seq = e.seq"
        f" WHERE e.grant_id = NEW.id AND e.event = {EVENT})",
        "a grant moves only with its entry on the trail",
    ),
    Rule(
        "consent_grant_has_its_names", "consent_grant", "UPDATE",
        f"{ACTIVATED} AND EXISTS (SELECT 1 FROM consent_neededsignature n WHERE n.record_id = NEW.record_id"
        " AND NOT EXISTS (SELECT 1 FROM consent_signature s WHERE s.record_id = n.record_id AND s.role = n.role))",
        "a grant is active only with every name it needs",
    ),
    Rule(
        "consent_grant_has_a_right", "consent_grant", "UPDATE",
        "NEW.state = 'active' AND OLD.state = 'pending' AND NOT EXISTS (SELECT 1 FROM consent_capacity c"
        " WHERE c.record_id = NEW.record_id AND (c.ends_at IS NULL OR NEW.valid_until <= c.ends_at))",
        "a grant is active only within the right to give it",
    ),
    Rule(
        "consent_grant_in_live_words", "consent_grant", "UPDATE",
        "NEW.state = 'active' AND OLD.state = 'pending' AND EXISTS (SELECT 1 FROM consent_wording w"
        " WHERE w.id = NEW.wording_id AND (w.published_at IS NULL OR w.retired_at IS NOT NULL))",
        "a grant is active only on a wording in force",
    ),
    Rule(
        "consent_grant_names_its_recipient", "consent_grant", "UPDATE",
        f"{ACTIVATED} AND EXISTS (SELECT 1 FROM consent_purpose p WHERE p.code = NEW.purpose_id AND p.needs_recipient)"
        " AND NOT EXISTS (SELECT 1 FROM consent_recipient r WHERE r.record_id = NEW.record_id)",
        "this purpose needs a named recipient",
    ),
    Rule(
        "consent_grant_of_who_decides", "consent_grant", "UPDATE",
        f"{ACTIVATED} AND EXISTS (SELECT 1 FROM consent_standing d WHERE d.patient_id = NEW.patient_id"
        " AND d.died_noted_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM consent_capacity c"
        " WHERE c.record_id = NEW.record_id AND c.basis = 'deceased')",
        "for a patient who has died, a representative decides",
    ),
    Rule(
        "consent_grant_rests_with_a_cause", "consent_grant", "UPDATE",
        "NEW.state = 'suspended' AND OLD.state <> 'suspended' AND NOT EXISTS (SELECT 1 FROM consent_suspension s"
        " WHERE s.grant_id = NEW.id AND s.closed_at IS NULL)",
        "a grant rests only with a cause on record",
    ),
    Rule(
        "consent_grant_resumes_when_decided", "consent_grant", "UPDATE",
        "OLD.state = 'suspended' AND NEW.state = 'active' AND EXISTS (SELECT 1 FROM consent_suspension s"
        " WHERE s.grant_id = NEW.id AND s.closed_at IS NULL)",
        "a grant resumes only when somebody has decided",
    ),
    Rule(
        "consent_withdrawal_of_active", "consent_withdrawal", "INSERT",
        "NOT EXISTS (SELECT 1 FROM consent_grant g WHERE g.id = NEW.grant_id AND (g.state IN"
        " ('pending', 'active', 'suspended') OR (g.state = 'refused' AND NEW.channel = 'correction')))",
        "only what runs is withdrawn",
    ),
    Rule(
        "consent_suspension_of_active", "consent_suspension", "INSERT",
        "NOT EXISTS (SELECT 1 FROM consent_grant g WHERE g.id = NEW.grant_id AND g.state = 'active')",
        "only an active grant is suspended",
    ),
    Rule(
        "consent_suspension_closes_once", "consent_suspension", "UPDATE",
        "OLD.closed_at IS NOT NULL OR "
        + changed("id", "grant_id", "cause", "actor", "reason_object_id", "reason_sealed", "at"),
        "a suspension is closed once and keeps what was said",
    ),
    Rule(
        "consent_suspension_stays", "consent_suspension", "DELETE",
        "1 = 1", "a suspension is not deleted",
    ),
    Rule(
        "consent_standing_stands", "consent_standing", "UPDATE",
        "(OLD.died_noted_at IS NOT NULL AND NEW.died_noted_at IS DISTINCT FROM OLD.died_noted_at)"
        " OR (OLD.unable_noted_at IS NOT NULL AND NEW.unable_noted_at IS DISTINCT FROM OLD.unable_noted_at)",
        "what was noted of a patient stands",
    ),
    Rule(
        "consent_standing_stays", "consent_standing", "DELETE",
        "1 = 1", "what was noted of a patient stands",
    ),
    Rule(
        "consent_capacity_before_signing", "consent_capacity", "INSERT",
        SIGNED.format(record="NEW.record_id"), "a signed record is closed",
    ),
    Rule(
        "consent_need_before_signing", "consent_neededsignature", "INSERT",
        SIGNED.format(record="NEW.record_id"), "a signed record is closed",
    ),
    Rule(
        "consent_recipient_before_signing", "consent_recipient", "INSERT",
        SIGNED.format(record="NEW.record_id"), "a signed record is closed",
    ),
    *(
        Rule(f"{table}_{word}", table, event, "1 = 1", f"{what} does not change")
        for table, what in FIXED
        for event, word in (("UPDATE", "is_fixed"), ("DELETE", "stays"))
    ),
)  # fmt: skip
KEPT_WHOLE = sorted({rule.table for rule in RULES if rule.event == "DELETE"})


def guard(apps, schema_editor):
    lift(schema_editor, FORMER)
    install(schema_editor, RULES)
    if schema_editor.connection.vendor == "postgresql":
        for table in KEPT_WHOLE:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION consent_refuse_truncate()",
                params=None,
            )
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_whole", params=None)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)
    install(schema_editor, FORMER)
    if schema_editor.connection.vendor == "postgresql":
        for table in KEPT_WHOLE:
            schema_editor.execute(f"DROP TRIGGER {table}_whole ON {table}", params=None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_tables"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(guard, unguard)]
