"""The letter that asks whether a card may be published."""

from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import Link, OrganiserText, deliver
from werkraum_foundation.outbox import job
from werkraum_registration.links import personal_token
from werkraum_registration.models import State
from werkraum_server.letters.recipients import letter_to, recipient


@job("letter:practice_asked")
async def ask_about_practice(practice_id: str) -> None:
    """Ask somebody about their example, as long as the question stands."""
    practice = await Practice.get_or_none(id=practice_id, state=PracticeState.ASKED)
    if practice is None or practice.registration_id is None:
        return
    to = await recipient(practice.registration_id, State.CONFIRMED, State.CANCELLED)
    if to is None:
        return
    with in_language(to.language):
        title = pick(practice.title)[0]
    link = Link.to(
        "feedback:own_practice",
        lang=to.language,
        token=personal_token(to),
        practice=practice.id,
    )
    await deliver(
        letter_to(to, "practice_asked", title=OrganiserText(title), card=link)
    )
