"""When registrations, consents and organisations are due to be forgotten, as SQL.

The marks are moments that `werkraum_server.retention` knows. A condition speaks of the
table of its name. Organisations go by the registrations there were before: what those
that are deleted now leave behind is due the next time.
"""

# A consent that lasts beyond the event is no proof, and cannot be taken back, once
# nobody knows whose it is. That of the list ends with the list.
_AGREES = (
    "EXISTS (SELECT 1 FROM consent WHERE consent.registration_id = registration.id"
    " AND registration.vouched_at IS NOT NULL AND consent.purpose <> 'list_visibility'"
    " AND (consent.withdrawn_at IS NULL OR consent.withdrawn_at >= :consents))"
)

REGISTRATIONS = (
    "email <> '' AND event_id IN"
    " (SELECT id FROM event WHERE ends_at < :registrations)"
    f" AND NOT {_AGREES}"
)

# Who waited and let two offers lapse is `expired` too, but was confirmed.
NEVER_CONFIRMED = (
    "state = 'expired' AND vouched_at IS NULL AND created_at < :never_confirmed"
)

CONSENTS = (
    "withdrawn_at < :consents OR (purpose = 'list_visibility' AND registration_id IN"
    " (SELECT r.id FROM registration r JOIN event e ON e.id = r.event_id"
    " WHERE e.ends_at < :lists))"
)

# Registrations of an organisation, or of the one that stayed if it was merged.
_NAMED = (
    "SELECT 1 FROM registration WHERE registration.organisation_id IN"
    " (organisation.id, organisation.merged_into_id)"
)
# Nobody has made it, or the one that stayed, a suggestion.
_TYPED = (
    "organisation.created_at < :never_confirmed AND NOT EXISTS (SELECT 1"
    " FROM organisation s WHERE s.suggested"
    " AND s.id IN (organisation.id, organisation.merged_into_id))"
)

ORGANISATIONS = f"{_TYPED} AND NOT EXISTS ({_NAMED})"

# What somebody typed may be anything: it is gone with the last of those who named it.
# Kind and size stay, so that numbers of the past stay true.
ORGANISATION_NAMES = (
    f"organisation.name <> '' AND {_TYPED} AND EXISTS ({_NAMED})"
    f" AND NOT EXISTS ({_NAMED} AND registration.email <> ''"
    f" AND NOT ({REGISTRATIONS}))"
)
FORGET_ORGANISATION_NAME = (
    "UPDATE organisation SET name = '', region = '', partner_towns = '[]',"
    " name_key = 'forgotten:' || CAST(id AS VARCHAR(36))"
)
