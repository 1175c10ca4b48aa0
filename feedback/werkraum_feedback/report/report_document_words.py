"""Words that every output of a report needs, in the report's language."""

from werkraum_foundation.language import gettext, in_language


def document_words(language: str) -> dict[str, str]:
    with in_language(language):
        return {
            "answer": gettext("Answer"),
            "people": gettext("People"),
            "share": gettext("Share"),
            "answers": gettext("Answers: %(answered)s", answered="{}"),
            # NOTE: a percentage; German puts a no-break space before the sign.
            "percent": gettext("%(percent)s%%", percent="{}"),
            "draft": gettext("Draft"),
            "version": gettext("Version %(number)s", number="{}"),
            "changes": gettext("What has changed"),
            "page": gettext("Page"),
        }
