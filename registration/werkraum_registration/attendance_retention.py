"""When check-in times are due to be forgotten, as SQL: with the names, 90 days after.

That somebody was there stays, with its source, so that numbers of the past stay true;
when, and who noted it, does not. The marks are moments of `werkraum_server.retention`.
"""

_OVER = "event_id IN (SELECT id FROM event WHERE ends_at < :registrations)"

TAKEN_BACK = f"undone_at IS NOT NULL AND {_OVER}"

TIMES = f"undone_at IS NULL AND recorded_by <> '' AND {_OVER}"

_START = "(SELECT starts_at FROM event WHERE event.id = attendance.event_id)"
FORGET_TIMES = (
    f"UPDATE attendance SET came_at = {_START}, recorded_at = {_START},"
    " left_at = NULL, recorded_by = '',"
    " client_key = 'forgotten:' || CAST(id AS VARCHAR(36))"
)

# Without an address, nothing else would find them.
WALK_INS = f"email = '' AND name <> '' AND {_OVER}"
