"""Composing a letter from its three templates."""

from collections.abc import Mapping
from dataclasses import replace

from jinja2 import Environment

from werkraum_foundation import pages
from werkraum_foundation.language import in_language
from werkraum_foundation.letters.letter import Letter, message_id
from werkraum_foundation.letters.letterhead import Letterhead
from werkraum_foundation.letters.plain_part import laid_out
from werkraum_foundation.letters.wording import worded
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.outbox import current_job
from werkraum_foundation.plain_text import one_line
from werkraum_foundation.settings import settings

LONGEST_SUBJECT = 150


def compose(
    template: str,
    *,
    to: Mailbox,
    language: str,
    organiser: Letterhead,
    context: Mapping[str, object],
    first_contact: bool = False,
) -> Letter:
    """Render `<template>.subject`, `.txt` and `.html` for one person.

    The templates see the context, `organiser`, `lang`. `first_contact` says that
    nobody has confirmed the address yet: then nothing typed is in the letter, not
    even the name of the mailbox. Refuses what `worded` refuses. Only inside a job
    of the outbox, whose id the letter gets.
    """
    if first_contact:
        to = replace(to, name="")
    words = worded({**context, "organiser": organiser}, first_contact=first_contact)
    with in_language(language):
        subject, text, html = rendered(
            pages.environment(), template, {**words, "lang": language}
        )
    return Letter(
        to=to,
        sender=replace(settings().mail_from, name=organiser.name),
        reply_to=organiser.mailbox(),
        subject=subject,
        text=text,
        html=html,
        message_id=message_id(current_job()),
    )


def rendered(
    environment: Environment, template: str, words: Mapping[str, object]
) -> tuple[str, str, str]:
    """Render subject, text and HTML in the current language."""
    subject, text, html = (
        environment.get_template(f"{template}.{kind}").render(words)
        for kind in ("subject", "txt", "html")
    )
    return _subject(subject), laid_out(text), html


def _subject(rendered: str) -> str:
    line = one_line(rendered)
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[: LONGEST_SUBJECT - 1].rstrip() + "…"
