"""When letters to many and the notes about reminders are due to be deleted, as SQL.

Their words may name people, and a note says who was written to. `:registrations` is the
moment that `werkraum_server.retention` knows for names and addresses.
"""

_OVER = "(SELECT id FROM event WHERE ends_at < :registrations)"

GROUP_LETTERS = f"event_id IN {_OVER}"
COPIES = f"letter_id IN (SELECT id FROM group_letter WHERE {GROUP_LETTERS})"
REMINDED = f"registration_id IN (SELECT id FROM registration WHERE event_id IN {_OVER})"
