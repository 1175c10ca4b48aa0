"""The pages of an event's feedback, as the tabs on each of them name them."""

from werkraum_foundation.language import noop
from werkraum_foundation.pages import environment

Line = tuple[str, str] | tuple[str, str, str]

# The name of a page's route, what its tab says, and who may see it if not every
# reader: ("desk:capture", noop("Capture"), "host"). In the order of the work.
AREA: tuple[Line, ...] = (
    ("desk:feedback", noop("Rounds")),
    ("desk:cards", noop("Introduction cards"), "host"),
    ("desk:capture", noop("Capture"), "host"),
    ("desk:clock", noop("Clock")),
    ("desk:statements", noop("Statements")),
    ("desk:coding", noop("Coding"), "host"),
    ("desk:themes", noop("Themes")),
    ("desk:reports", noop("Report")),
    ("desk:event_practices", noop("Practices")),
    ("desk:event_pledges", noop("Pledges")),
    ("desk:contacts", noop("Contacts")),
    ("desk:replies", noop("You said, we did")),
)


def install_area() -> None:
    """Tell it the templates, so that a page needs nothing but `_area.html`."""
    environment().globals["feedback_area"] = AREA
