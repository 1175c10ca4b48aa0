"""What is forgotten of a statement when its person is; it goes before the person."""

from werkraum_registration.forgetting import REGISTRATIONS

NAMED = (
    "registration_id IN (SELECT id FROM registration"
    f" WHERE email_key LIKE 'forgotten:%' OR ({REGISTRATIONS}))"
)
FORGET_NAME = (
    "UPDATE statement SET registration_id = NULL,"
    " quoting = CASE WHEN quoting = 'named' THEN 'unnamed' ELSE quoting END"
)

# What a moderator took back can be had again for a while.
REMOVED = (
    "state = 'hidden' AND event_id IN (SELECT id FROM event WHERE ends_at < :removed)"
    " AND EXISTS (SELECT 1 FROM audit_entry WHERE audit_entry.subject_id = statement.id"
    " AND audit_entry.action = 'statement.remove')"
)
# Names of organisations that were heard go with those of the event's people.
STILL_HEARD = (
    "EXISTS (SELECT 1 FROM statement JOIN event ON event.id = statement.event_id"
    " WHERE statement.organisation_id = organisation.id"
    " AND event.ends_at >= :registrations)"
)
