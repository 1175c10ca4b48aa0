"""What stands in the footer of every page of an organiser."""

from dataclasses import dataclass

from werkraum_foundation.links import path_to
from werkraum_foundation.models import Organiser


@dataclass(frozen=True)
class Footer:
    """An organiser as `base.html` names it; the addresses are paths."""

    name: str
    contact: str
    imprint_url: str
    privacy_url: str
    accessibility_url: str


def footer_of(organiser: Organiser) -> Footer:
    """Say who is responsible for a page, in the current language."""
    imprint, privacy, accessibility = (
        path_to(f"legal:{page}", organiser=organiser.slug)
        for page in ("imprint", "privacy", "accessibility")
    )
    return Footer(organiser.name, organiser.contact, imprint, privacy, accessibility)
