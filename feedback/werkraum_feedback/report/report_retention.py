"""What is forgotten of a report: its earlier wordings, which a quote may stand in."""

HISTORIES = (
    "audit_entry.action LIKE 'passage.%' AND audit_entry.at < :registrations"
    " AND CAST(audit_entry.changes AS text) <> '{}'"
)
FORGET_HISTORY = "UPDATE audit_entry SET changes = '{}'"
