"""The WHERE of a list of registrations, written from what is asked for."""

import json
from uuid import UUID

from werkraum_registration.list_filters import Filters
from werkraum_registration.models import ENDED

TABLES = "registration r LEFT JOIN organisation o ON o.id = r.organisation_id"
# Fixed words of ours.
ENDED_WORDS = ", ".join(f"'{state.value}'" for state in ENDED)
# Whoever has nothing but an offer takes part the way it is offered.
OF_MODE = (
    "(CASE WHEN r.state = 'offered' THEN EXISTS (SELECT 1 FROM wish x"
    " JOIN seat_pool p ON p.id = x.pool_id WHERE x.registration_id = r.id"
    " AND x.offered_until IS NOT NULL AND p.mode = :mode)"
    " ELSE r.mode = :mode END)"
)
# Once somebody has another address, what came back from the old one is over.
BOUNCED = (
    "EXISTS (SELECT 1 FROM bounce b WHERE b.registration_id = r.id"
    " AND b.is_final AND b.email = r.email)"
)
CHOSE = (
    "EXISTS (SELECT 1 FROM booking x JOIN seat_pool p ON p.id = x.pool_id"
    " WHERE x.registration_id = r.id AND p.session_id = :session)"
)


def conditions(event_id: UUID, filters: Filters) -> tuple[str, dict[str, object]]:
    """Write the WHERE of a list over `TABLES`; fixed text, all values beside it."""
    where: list[str] = ["r.event_id = :event"]
    values: dict[str, object] = {"event": event_id}
    if filters.state:
        where.append("r.state = :state")
        values["state"] = filters.state.value
    if filters.mode:
        where.append(OF_MODE)
        values["mode"] = filters.mode.value
    if filters.kind:
        where.append("o.kind = :kind")
        values["kind"] = filters.kind.value
    if filters.tag:
        where.append(_there_is("registration_tag", "x.tag = :tag"))
        values["tag"] = filters.tag
    if filters.need:
        where.append(_there_is("need", "x.state = 'open'"))
    if filters.waiting:
        where.append(_there_is("wish", "x.offered_until IS NULL"))
    if filters.session:
        where.append(f"r.state NOT IN ({ENDED_WORDS}) AND {CHOSE}")
        values["session"] = filters.session
    if filters.calendar:
        where.append("r.calendar_answer = :calendar")
        values["calendar"] = filters.calendar.value
    if filters.bounced:
        where.append(BOUNCED)
    if filters.batch:
        where.append(_there_is("import_row", "x.batch_id = :batch"))
        values["batch"] = filters.batch
    if filters.attended is not None:
        came = _there_is("attendance", "x.event_id = :event AND x.undone_at IS NULL")
        where.append(came if filters.attended else f"NOT {came}")
    _add_answer(where, values, filters)
    _add_search(where, values, filters.search)
    return " AND ".join(where), values


def _there_is(table: str, condition: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {table} x WHERE x.registration_id = r.id"
        f" AND {condition})"
    )


def _add_answer(where: list[str], values: dict[str, object], filters: Filters) -> None:
    if filters.answer is None:
        return
    values["question"] = filters.answer.question
    condition = "x.question_id = :question"
    if code := filters.answer.code:
        # "vegan", one of ["vegan", "halal"], or true: all as they stand in JSON.
        given = "CAST(x.value AS text)"
        condition += rf" AND ({given} LIKE :coded ESCAPE '\' OR {given} = :code)"
        values["coded"] = _anywhere(json.dumps(code, ensure_ascii=False))
        values["code"] = code
    where.append(_there_is("registration_answer", condition))


def _add_search(where: list[str], values: dict[str, object], search: str) -> None:
    """Look into name, address and organisation, with capitals or without.

    The databases do not agree on which letters they can make small: SQLite knows
    those of ASCII. What else stands in the search is made small here, by name.
    """
    if not search:
        return
    low = search.lower()
    columns = []
    for column in ("r.name", "o.name"):
        small = f"lower({column})"
        for number, letter in enumerate(sorted({it for it in low if it > "\x7f"})):
            capital = letter.upper()
            if len(capital) == 1 and capital != letter:
                mark = chr(ord("a") + number // 26) + chr(ord("a") + number % 26)
                small = f"replace({small}, :capital_{mark}, :letter_{mark})"
                values[f"capital_{mark}"] = capital
                values[f"letter_{mark}"] = letter
        columns.append(small)
    looks = [rf"{it} LIKE :search ESCAPE '\'" for it in (*columns, "r.email_key")]
    where.append(f"({' OR '.join(looks)})")
    values["search"] = _anywhere(low)


def _anywhere(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
