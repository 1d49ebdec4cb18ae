"""Rules that the tables themselves keep, on SQLite and on PostgreSQL: a link never says more than its consent."""

from django.db import migrations

from ultrasound_portal.table_rules import Rule, changed, install, lift

LINK_COLUMNS = (
    "id", "clinic_id", "patient_id", "study_id", "grant_id", "purpose_code", "recipient_check", "submission",
    "token_hash", "code_hash", "not_before", "created_by_id", "created_at",
)  # fmt: skip

RULES = (
    Rule(
        "sharing_link_within_its_consent", "sharing_link", "INSERT",
        "NOT EXISTS (SELECT 1 FROM consent_grant g WHERE g.id = NEW.grant_id AND g.purpose_id = NEW.purpose_code"
        " AND g.scope_id = NEW.study_id AND g.patient_id = NEW.patient_id AND g.clinic_id = NEW.clinic_id"
        " AND g.decision = 'permit' AND g.state = 'active' AND NEW.not_after <= g.valid_until)",
        "a link stays within an active consent for its purpose and its study",
    ),
    Rule(
        "sharing_link_is_fixed", "sharing_link", "UPDATE",
        changed(*LINK_COLUMNS), "what a link was made for does not change",
    ),
    Rule(
        "sharing_link_only_shortens", "sharing_link", "UPDATE",
        "NEW.not_after > OLD.not_after", "a link is not prolonged",
    ),
    Rule(
        "sharing_link_stays_revoked", "sharing_link", "UPDATE",
        "OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at",
        "a revoked link stays revoked",
    ),
    Rule(
        "sharing_image_was_shown", "sharing_linkimage", "INSERT",
        "NOT EXISTS (SELECT 1 FROM consent_grantimage i JOIN sharing_link l ON l.grant_id = i.grant_id"
        " WHERE l.id = NEW.link_id AND i.artefact_id = NEW.artefact_id AND i.picture_id = NEW.picture_id"
        " AND i.sha256 = NEW.sha256)",
        "a link gives only what was shown when consent was given",
    ),
    Rule(
        "sharing_image_of_its_study", "sharing_linkimage", "INSERT",
        "NOT EXISTS (SELECT 1 FROM deid_instance i JOIN sharing_link l ON l.study_id = i.study_id"
        " WHERE l.id = NEW.link_id AND i.id = NEW.picture_id)",
        "a link gives only pictures of its study",
    ),
    Rule(
        "sharing_image_is_fixed", "sharing_linkimage", "UPDATE",
        "1 = 1", "a picture of a link does not change",
    ),
    Rule(
        "sharing_visit_stays_ended", "sharing_opening", "UPDATE",
        "OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at",
        "a visit that ended stays ended",
    ),
)  # fmt: skip


def guard(apps, schema_editor):
    install(schema_editor, RULES)


def unguard(apps, schema_editor):
    lift(schema_editor, RULES)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("consent", "0001_initial"), ("deid", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
