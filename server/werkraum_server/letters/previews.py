"""A letter as somebody would get it, to look at: written, and never sent."""

from contextvars import copy_context
from dataclasses import dataclass
from uuid import UUID

from werkraum_foundation.language import in_language, own_name
from werkraum_foundation.letters import Letter, Link
from werkraum_foundation.outbox.jobs import begin
from werkraum_registration.models import Registration
from werkraum_server.letters.recipients import Links, letter_to

# In the place of the token: the real link is for the owner of the address alone.
NOBODYS = "personal-link"


@dataclass(frozen=True)
class Preview:
    subject: str
    text: str
    language: str

    @property
    def language_name(self) -> str:
        return own_name(self.language)


def preview(to: Registration, template: str, **context: object) -> Preview:
    """Write the letter that `letter_to` writes, with links that open nothing."""

    def write() -> Letter:
        # A letter is named after the job that sends it; this one has none.
        begin(UUID(int=0))
        return letter_to(to, template, links=nobodys_links(to.language), **context)

    letter = copy_context().run(write)
    return Preview(letter.subject, letter.text, to.language)


def nobodys_links(language: str) -> Links:
    with in_language(language):
        return Links(
            page=Link.to("personal:page", token=NOBODYS),
            door=Link.to("personal:door", token=NOBODYS),
        )
