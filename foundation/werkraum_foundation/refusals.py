"""Every "no" a person may hear; turned into a page or problem+json in one place."""

from collections.abc import Mapping

from werkraum_foundation.language import gettext


class Refused(Exception):
    """The parent of all refusals. A subclass is named in its part's `rules.py`.

    `status` is the HTTP status, `code` the stable name for machines, and
    `message()` a sentence in the current language. Nothing a person typed is
    repeated in it.
    """

    status: int = 409
    code: str = "refused"

    def message(self) -> str:
        return gettext("That is not possible.")

    def headers(self) -> Mapping[str, str]:
        """Header fields that belong to the answer, such as Retry-After."""
        return {}


class NotFound(Refused):
    """Not there, or not for this person: both sound the same."""

    status = 404
    code = "not_found"

    def message(self) -> str:
        return gettext("We could not find this page.")


class Forbidden(Refused):
    status = 403
    code = "forbidden"

    def message(self) -> str:
        return gettext("You may not do this.")


class SignInNeeded(Refused):
    status = 401
    code = "sign_in_needed"

    def message(self) -> str:
        return gettext("Please sign in first.")


class BadRequest(Refused):
    """The request itself is broken; nobody typed it."""

    status = 400
    code = "bad_request"

    def message(self) -> str:
        return gettext("The request could not be read.")


class TooLarge(Refused):
    status = 413
    code = "too_large"

    def message(self) -> str:
        return gettext("That is more than this page can take.")


class UnsupportedBody(Refused):
    status = 415
    code = "unsupported_body"

    def message(self) -> str:
        return gettext("This kind of content is not understood here.")


class ForeignRequest(Refused):
    """A form of another site, or a form that is too old (CSRF)."""

    status = 403
    code = "foreign_request"

    def message(self) -> str:
        return gettext("This form did not come from our page. Please try again.")


class TooMany(Refused):
    """More requests than a person makes."""

    status = 429
    code = "too_many"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = max(1, retry_after)

    def message(self) -> str:
        return gettext("That was very often in a short time. Please wait a moment.")

    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(self.retry_after)}


class Busy(Refused):
    """The database does not answer in time; the same request may work later."""

    status = 503
    code = "busy"

    def message(self) -> str:
        return gettext("There is a lot going on. Please try again in a few seconds.")

    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "5"}


class ChangedMeanwhile(Refused):
    """Somebody else saved the same thing since this page was loaded."""

    status = 409
    code = "changed_meanwhile"

    def message(self) -> str:
        return gettext(
            "Somebody else has changed this in the meantime. "
            "Please compare and save again."
        )
