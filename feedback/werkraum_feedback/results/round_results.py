"""The results of a round, with everything hidden that may not be shown."""

from werkraum_feedback.asking import rules
from werkraum_feedback.models import Round, RoundKind
from werkraum_feedback.results.round_counts import counts_of
from werkraum_feedback.results.small_groups import EVERYBODY, Group
from werkraum_feedback.results.tallies import Results, results
from werkraum_registration.attended import attended
from werkraum_registration.models import State

AFTERWARDS = (RoundKind.PULSE, RoundKind.CLOSING, RoundKind.SURVEY)
"""Kinds of rounds that ask those who were there."""


async def results_of(asked: Round, *, group: Group | None = None) -> Results:
    """Say what may be shown of a closed round, or of a group of those who answered.

    Groups that would give away a smaller one come back empty, as do all below five.
    Raises `ResultsNotYet` before the round is closed.
    """
    rules.must_be_closed(asked)
    return results(
        await counts_of(asked),
        invited=asked.invited,
        group=group or EVERYBODY,
        present=await present_at(asked) if asked.kind in AFTERWARDS else None,
    )


async def present_at(asked: Round) -> int | None:
    """Count the registrations that were there; None where nobody noted any."""
    if asked.event_id is None:
        return None
    there = await attended(asked.event_id, asked.session_id)
    return sum(it.state is State.CONFIRMED for it in there) or None
