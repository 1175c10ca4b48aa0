"""What is deleted when: the promise of the privacy pages, kept by the program.

Each rule finds and deletes by the same condition, so a dry run tells the truth.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from werkraum_feedback import forgotten
from werkraum_feedback.coding import statement_retention
from werkraum_feedback.follow_up import follow_up_forgetting
from werkraum_feedback.report import report_retention
from werkraum_foundation import clock
from werkraum_foundation.database import changed, is_sqlite, rows, unit_of_work
from werkraum_foundation.settings import settings
from werkraum_foundation.sign_in import ABSOLUTE, IDLE
from werkraum_registration import (
    answer_retention,
    attendance_retention,
    forgetting,
    letter_retention,
    personal_feeds,
)
from werkraum_registration.consents import LIST_LIFE
from werkraum_registration.erasing import FORGET
from werkraum_rooms import room_stays
from werkraum_server.own_command import OWN_FOLDER

REGISTRATIONS = timedelta(days=90)  # after the event's end
REMOVED = timedelta(days=30)  # after the event's end
PLEDGES = timedelta(days=365)  # after they were made
NEVER_CONFIRMED = timedelta(hours=48)
CONSENTS = timedelta(days=3 * 365)  # after they were withdrawn
SUBMISSIONS = timedelta(days=2)
ADDRESSES = timedelta(days=2)
ANSWERS = timedelta(days=7)
DEAD_JOBS = timedelta(days=30)
LETTERS = timedelta(days=30)
COPIES = timedelta(days=30)
LEFT_BEHIND = timedelta(days=1)
ROOM_NEWS = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """Rows of a table that are due, and what happens to them.

    `due` is a condition, or writes one for the engine there is.
    """

    what: str
    table: str
    due: str | Callable[[], str]
    forget: str | None = None

    @property
    def condition(self) -> str:
        return self.due if isinstance(self.due, str) else self.due()

    async def count(self, moments: Mapping[str, object]) -> int:
        [found] = await rows(
            f"SELECT count(*) AS n FROM {self.table} WHERE {self.condition}",
            **moments,
        )
        return int(found["n"])

    async def carry_out(self, moments: Mapping[str, object]) -> int:
        deed = self.forget or f"DELETE FROM {self.table}"
        return await changed(f"{deed} WHERE {self.condition}", **moments)


# Both name an address or hold somebody's words, and serve the event alone.
REPLIES = (
    "invitation_id IN (SELECT i.id FROM invitation i JOIN event e ON e.id = i.event_id"
    " WHERE e.ends_at < :registrations)"
)
BOUNCES = (
    "registration_id IN (SELECT r.id FROM registration r JOIN event e"
    " ON e.id = r.event_id WHERE e.ends_at < :registrations)"
)

RULES = (
    # Before names go: what loses its name now is due at the next turn.
    Rule("names put to answers", "signature", forgotten.SIGNATURES),
    # What hangs on registrations first: a deletion takes it along, and counts it.
    Rule("statements that were taken back", "statement", statement_retention.REMOVED),
    Rule(
        "organisations nobody names",
        "organisation",
        f"{forgetting.ORGANISATIONS} AND NOT {statement_retention.STILL_HEARD}",
    ),
    Rule("pledges to join in", "pledge", follow_up_forgetting.PLEDGES),
    Rule(
        "who answered a suggested contact, and how",
        "contact",
        follow_up_forgetting.CONTACTS,
        follow_up_forgetting.FORGET_CONTACT,
    ),
    Rule(
        "what people sought and offered",
        "contact_wish",
        follow_up_forgetting.WISHES,
        follow_up_forgetting.FORGET_WISH,
    ),
    Rule(
        "names of organisations that attendees typed",
        "organisation",
        f"{forgetting.ORGANISATION_NAMES} AND NOT {statement_retention.STILL_HEARD}",
        forgetting.FORGET_ORGANISATION_NAME,
    ),
    # It leads to the answers, so it goes before them.
    Rule(
        "organisations of people by their answer",
        "registration",
        answer_retention.organisations,
        answer_retention.FORGET_ORGANISATION,
    ),
    Rule(
        "changes of answers in the audit",
        "audit_entry",
        answer_retention.histories,
        answer_retention.FORGET_HISTORY,
    ),
    Rule("copies of letters to many", "group_letter_copy", letter_retention.COPIES),
    Rule("letters to many", "group_letter", letter_retention.GROUP_LETTERS),
    Rule("who was reminded", "reminded", letter_retention.REMINDED),
    Rule("answers of calendars", "calendar_reply", REPLIES),
    Rule("letters that came back", "bounce", BOUNCES),
    Rule("special needs", "need", answer_retention.needs),
    Rule(
        "answers to the questions of forms",
        "registration_answer",
        answer_retention.answers,
    ),
    # Who said it goes with the registration; what was said stays without a name.
    Rule(
        "names at statements",
        "statement",
        statement_retention.NAMED,
        statement_retention.FORGET_NAME,
    ),
    Rule(
        "names and addresses of registrations",
        "registration",
        f"{forgetting.REGISTRATIONS} AND NOT {follow_up_forgetting.STILL_NEEDED}",
        FORGET,
    ),
    Rule(
        "names of people who came without an address",
        "registration",
        attendance_retention.WALK_INS,
        FORGET,
    ),
    Rule(
        "how the coding of statements was changed",
        "codebook_deed",
        "at < :registrations",
    ),
    Rule(
        "check-ins that were taken back",
        "attendance",
        attendance_retention.TAKEN_BACK,
    ),
    Rule(
        "check-in times",
        "attendance",
        attendance_retention.TIMES,
        attendance_retention.FORGET_TIMES,
    ),
    Rule(
        "registrations that were never confirmed",
        "registration",
        forgetting.NEVER_CONFIRMED,
    ),
    Rule("consents that ended three years ago", "consent", forgetting.CONSENTS),
    Rule(
        "personal invitations",
        "guest",
        "event_id IN (SELECT id FROM event WHERE ends_at < :registrations)",
    ),
    Rule("whom the door let into a room", "entrant", room_stays.ENTRANTS),
    Rule("when devices were in a room", "room_stay", room_stays.STAYS),
    Rule("how rooms were found before their events", "room_probe", room_stays.PROBES),
    Rule("what room servers told", "room_news", room_stays.NEWS),
    Rule("lists of surveys that were never opened", "invitee", forgotten.UNUSED_LISTS),
    Rule(
        "earlier wordings of reports",
        "audit_entry",
        report_retention.HISTORIES,
        report_retention.FORGET_HISTORY,
    ),
    Rule("sent forms", "submission", "created_at < :submissions"),
    Rule("addresses that were changed", "address_change", "created_at < :addresses"),
    Rule("calendars of somebody's dates", "personal_feed", personal_feeds.OVER),
    Rule("sign-in links", "sign_in_link", "expires_at < :now"),
    Rule("sign-ins", "sign_in", "seen_at < :idle OR created_at < :absolute"),
    Rule(
        "answers kept for repeated requests", "idempotency_key", "created_at < :answers"
    ),
    Rule(
        "jobs that failed for good",
        "job",
        "state = 'dead' AND due < :dead_jobs",
    ),
)


@unit_of_work
async def count_due(now: datetime) -> dict[str, int]:
    """Say how much of what is due, and delete nothing."""
    found = {rule.what: await rule.count(_moments(now)) for rule in RULES}
    return found | {what: len(old) for what, old in _files(now)}


async def purge(now: datetime) -> dict[str, int]:
    """Delete what is due and say how much of what; several processes may do it."""
    gone = {rule.what: await _carry_out(rule, now) for rule in RULES}
    for what, old in _files(now):
        gone[what] = sum(_unlink(path) for path in old)
    if any(gone.values()):
        await wipe()
    return gone


async def wipe() -> None:
    """Wipe what was overwritten from the log beside an SQLite file, too."""
    if is_sqlite():
        await rows("PRAGMA wal_checkpoint(TRUNCATE)")


@unit_of_work
async def _carry_out(rule: Rule, now: datetime) -> int:
    """Apply one rule: a unit of work for each, or SQLite would stand still for all."""
    return await rule.carry_out(_moments(now))


def _moments(now: datetime) -> dict[str, object]:
    return {
        "now": now,
        "registrations": now - REGISTRATIONS,
        "removed": now - REMOVED,
        "pledges": now - PLEDGES,
        "never_confirmed": now - NEVER_CONFIRMED,
        "consents": now - CONSENTS,
        "lists": now - LIST_LIFE - CONSENTS,
        "submissions": now - SUBMISSIONS,
        "revoked": now - personal_feeds.KEPT,
        "addresses": now - ADDRESSES,
        "idle": now - IDLE,
        "absolute": now - ABSOLUTE,
        "answers": now - ANSWERS,
        "news": now - ROOM_NEWS,
        "dead_jobs": clock.milliseconds(now - DEAD_JOBS),
    }


def _files(now: datetime) -> Iterator[tuple[str, list[Path]]]:
    """Name the files that are due: letters as files, copies made by migrations."""
    letters = (settings().data_dir / "letters").glob("*.eml")
    yield "letters kept as files", _older(letters, now - LETTERS)
    if settings().sqlite:
        path = settings().sqlite_path
        # werkraum.sqlite3.20270301T090000000000, and nothing of SQLite's own.
        copies = path.parent.glob(f"{path.name}.[0-9]*T[0-9]*")
        yield "copies made before a migration", _older(copies, now - COPIES)
    # A backup that was killed on its way cannot take them along.
    left = settings().data_dir.glob(f"{OWN_FOLDER}*")
    yield "copies a backup left behind", _older(left, now - LEFT_BEHIND)


def _older(paths: Iterable[Path], moment: datetime) -> list[Path]:
    found = []
    for path in paths:
        try:
            if path.stat().st_mtime < moment.timestamp():
                found.append(path)
        except FileNotFoundError:
            # Another process was quicker.
            continue
    return found


def _unlink(path: Path) -> bool:
    try:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    except FileNotFoundError:
        return False
    return True
