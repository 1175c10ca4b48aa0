"""When answers are due to be deleted, as SQL: each question has days of its own.

The marks are moments that `werkraum_server.retention` knows. A condition speaks of the
table of its name, and takes in what goes with its registration anyway.
"""

from werkraum_foundation.database import is_sqlite
from werkraum_registration import forgetting


def _due_question(of: str) -> str:
    """Whether the question and the event of a row have come to their day."""
    return (
        f"(EXISTS (SELECT 1 FROM registration_question q"
        f" JOIN event e ON e.id = q.event_id"
        f" WHERE q.id = {of}.question_id AND {_is_over()})"
        f" OR EXISTS (SELECT 1 FROM registration r"
        f" WHERE r.id = {of}.registration_id AND {forgetting.NEVER_CONFIRMED}))"
    )


def _is_over() -> str:
    if is_sqlite():
        days = "'+' || q.retention_days || ' days'"
        return f"datetime(e.ends_at, {days}) < datetime(:now)"
    return "e.ends_at + q.retention_days * interval '1 day' < :now"


def answers() -> str:
    return _due_question("registration_answer")


def needs() -> str:
    return _due_question("need")


def _people() -> str:
    return (
        "SELECT registration_answer.registration_id FROM registration_answer"
        f" WHERE {answers()}"
    )


def histories() -> str:
    """What the audit kept of changed answers goes with the first of them."""
    return (
        "audit_entry.action = 'registration.answers'"
        f" AND CAST(audit_entry.changes AS text) <> '{{}}'"
        f" AND audit_entry.subject_id IN ({_people()})"
    )


FORGET_HISTORY = "UPDATE audit_entry SET changes = '{}'"


def organisations() -> str:
    """Where somebody comes from goes with the answer that said so.

    Without a name beside it, it tells of nobody: then it stays, for counting.
    """
    return (
        "registration.organisation_id IS NOT NULL AND registration.email <> ''"
        f" AND NOT ({forgetting.REGISTRATIONS})"
        " AND registration.id IN (SELECT registration_answer.registration_id"
        " FROM registration_answer JOIN registration_question o"
        " ON o.id = registration_answer.question_id AND o.kind = 'organisation'"
        f" WHERE {answers()})"
    )


FORGET_ORGANISATION = (
    "UPDATE registration SET organisation_id = NULL, named_organisation_id = NULL"
)
