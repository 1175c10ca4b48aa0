"""The refusal of a command."""


class Cannot(Exception):
    """A command is not carried out: each reason is a sentence with the way out."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons
