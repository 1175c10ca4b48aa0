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
