"""Who writes: the organiser as the foot of every letter shows them."""

from dataclasses import dataclass

from werkraum_foundation.footers import footer_of
from werkraum_foundation.letters.wording import Link, OrganiserText
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.models import Organiser
from werkraum_foundation.settings import settings


@dataclass(frozen=True)
class Letterhead:
    """The footer of a page, with whole addresses and words whose writer is known."""

    name: OrganiserText
    contact: OrganiserText
    imprint_url: Link
    privacy_url: Link
    accessibility_url: Link

    def mailbox(self) -> Mailbox | None:
        """Where an answer goes, if the contact is a mail address."""
        try:
            return Mailbox(self.contact, self.name)
        except ValueError:
            return None


def letterhead_of(organiser: Organiser) -> Letterhead:
    """Say who writes, with their legal pages in the current language."""
    footer = footer_of(organiser)
    return Letterhead(
        OrganiserText(footer.name),
        OrganiserText(footer.contact),
        _whole(footer.imprint_url),
        _whole(footer.privacy_url),
        _whole(footer.accessibility_url),
    )


def _whole(path: str) -> Link:
    return Link(settings().base_url + path)
