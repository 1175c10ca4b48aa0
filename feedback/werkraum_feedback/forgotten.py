"""What is deleted of feedback when it is due, as conditions on its tables."""

# Once a registration has lost its name, what it put its name to is nobody's again.
SIGNATURES = (
    "registration_id IN (SELECT id FROM registration"
    " WHERE email_key LIKE 'forgotten:%')"
)
# The list of a round that is open goes when it closes.
UNUSED_LISTS = (
    "round_id IN (SELECT id FROM round WHERE state = 'draft' AND opens_at IS NULL"
    " AND created_at < :registrations)"
)
