"""The closed list of things that are written on the trail."""

from enum import StrEnum


class Event(StrEnum):
    """One name per act; the value is what the trail stores for ever, so it is never renamed."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    TRIES_SLOWED = "tries_slowed"
    PASSWORD_ASKED = "password_asked"  # noqa: S105 - names of acts
    PASSWORD_MAILED = "password_mailed"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SIGNED_OUT = "signed_out"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTORS_RESET = "second_factors_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    DESK_LOCKED = "desk_locked"
    PROOF_GIVEN = "proof_given"
    PROOF_REFUSED = "proof_refused"
    SIGN_INS_ENDED = "sign_ins_ended"
    CLINIC_CHOSEN = "clinic_chosen"
    INSTANCE_RECEIVED = "instance_received"
    INSTANCE_REFUSED = "instance_refused"
    INSTANCE_REPEATED = "instance_repeated"
    DEVICE_CLEARED = "device_cleared"
    STUDY_MATCHED = "study_matched"
    PROCESSING_STARTED = "processing_started"
    INSTANCE_CLEANED = "instance_cleaned"
    INSTANCE_HELD = "instance_held"
    PROCESSING_FAILED = "processing_failed"
    JOB_POSTPONED = "job_postponed"
    JOB_QUARANTINED = "job_quarantined"
    JOB_RETRIED = "job_retried"
    PICTURE_VIEWED_BY_STAFF = "picture_viewed_by_staff"
    BOXES_ADDED = "boxes_added"
    BOXES_REMOVED = "boxes_removed"
    COVER_LIFTED = "cover_lifted"
    COVER_RESTORED = "cover_restored"
    EDIT_UNDONE = "edit_undone"
    PICTURE_FOUND_CLEAN = "picture_found_clean"
    FINDING_UNDONE = "finding_undone"
    INSTANCE_RELEASED = "instance_released"
    INSTANCE_REJECTED = "instance_rejected"
    RELEASE_UNDONE = "release_undone"
    NAME_REPORTED = "name_reported"
    SEX_MARK_SET = "sex_mark_set"
    SEX_MARK_LIFTED = "sex_mark_lifted"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_PENDING = "consent_pending"
    CONSENT_SIGNED = "consent_signed"
    CONSENT_SUPERSEDED = "consent_superseded"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_SUSPENDED = "consent_suspended"
    CONSENT_RESUMED = "consent_resumed"
    CONSENT_IN_ERROR = "consent_in_error"
    CONSENT_COPY_MADE = "consent_copy_made"
    CONSENT_COPY_READ = "consent_copy_read"
    CONSENT_EXPORTED = "consent_exported"
    CONSENT_TASK_DONE = "consent_task_done"
    PATIENT_STANDING_NOTED = "patient_standing_noted"
    CARE_STATUS_NOTED = "care_status_noted"
    CONSENT_LEDGER_READ = "consent_ledger_read"
    CONSENT_SETTINGS_CHANGED = "consent_settings_changed"
    RENDERS_MADE = "renders_made"
    RENDERS_DESTROYED = "renders_destroyed"
    COPIES_DELETED = "copies_deleted"
    COPIES_ASKED_FOR = "copies_asked_for"
    GATE_REFUSED = "gate_refused"
    LINK_CREATED = "link_created"
    LINK_OPENED = "link_opened"
    LINK_REFUSED = "link_refused"
    LINK_REVOKED = "link_revoked"
    LINK_LEFT = "link_left"
    SEX_WISH_NOTED = "sex_wish_noted"
    LINK_LOCKED = "link_locked"
    CODE_REISSUED = "code_reissued"
    LINK_LIMITS_CHANGED = "link_limits_changed"
    NOTICES_TURNED_ON = "notices_turned_on"
    NOTICES_TURNED_OFF = "notices_turned_off"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_SENT = "message_sent"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_STOPPED = "message_stopped"
    INVITATION_MADE = "invitation_made"
    INVITATION_OPENED = "invitation_opened"
    INVITATION_REFUSED = "invitation_refused"
    INVITATION_ANSWERED = "invitation_answered"
    INVITATION_REVOKED = "invitation_revoked"
    INVITATION_LEFT = "invitation_left"
    PICTURE_SERVED = "picture_served"
    PICTURE_DOWNLOADED = "picture_downloaded"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_READ = "incident_read"
    INCIDENT_STEP_DONE = "incident_step_done"
    INCIDENT_CLOSED = "incident_closed"
    EXPOSURE_LISTED = "exposure_listed"
    HANDBOOK_PUBLISHED = "handbook_published"
    HANDBOOK_READ = "handbook_read"
    HANDBOOK_DEMANDED = "handbook_demanded"
    AUDIT_READ = "audit_read"
    BRAND_PUBLISHED = "brand_published"
    POLICY_PUBLISHED = "policy_published"
    MEMBER_ADDED = "member_added"
    MEMBER_INVITED = "member_invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted"
    ROLE_CHANGED = "role_changed"
    GLASS_BROKEN = "glass_broken"
    GLASS_USED = "glass_used"
    GLASS_CLOSED = "glass_closed"
    GLASS_SEEN = "glass_seen"
    MEMBERSHIP_ENDED = "membership_ended"
    ORIGINAL_DESTROYED = "original_destroyed"
    PICTURE_ERASED = "picture_erased"
    ORPHANS_REMOVED = "orphans_removed"
    RETENTION_CHANGED = "retention_changed"
    STUDY_HELD_BACK = "study_held_back"
    STUDY_LET_GO = "study_let_go"
    DEVICE_RULE_MADE = "device_rule_made"
    DEVICE_RULE_ENDED = "device_rule_ended"
    GATES_CHANGED = "gates_changed"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    PATIENT_FORGOTTEN = "patient_forgotten"
    KEY_ROTATED = "key_rotated"
    KEYS_REWRAPPED = "keys_rewrapped"
    KEY_RETIRED = "key_retired"
    BACKUP_MADE = "backup_made"
    RESTORED = "restored"


ENDINGS = frozenset(
    {
        Event.CONSENT_REFUSED,
        Event.CONSENT_WITHDRAWN,
        Event.LINK_REVOKED,
        Event.RELEASE_UNDONE,
        Event.NAME_REPORTED,
        Event.CARE_STATUS_NOTED,
        Event.SEX_WISH_NOTED,
        Event.COPIES_DELETED,
        Event.NOTICES_TURNED_OFF,
        Event.INSTANCE_REJECTED,
        Event.STUDY_HELD_BACK,
        Event.PATIENT_FORGOTTEN,
    }
)
"""What a database that was rolled back must not bring back to life: the witness learns of it at once."""

OUTCOMES = frozenset({"success", "refused", "held", "failed"})


def words(event: Event) -> str:
    """Return an event as a person reads it: PICTURE_SERVED as `Picture served`."""
    return event.value.replace("_", " ").capitalize()
