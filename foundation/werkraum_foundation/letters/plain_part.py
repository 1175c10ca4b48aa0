"""The text part of a letter, laid out for programs that show it as it is."""

import textwrap

WIDTH = 72
# What mail programs know as the line before a signature (RFC 3676 4.3).
SIGNATURE = "-- "


def laid_out(text: str) -> str:
    """Break long lines between words, never inside one: links stay whole.

    Several empty lines become one; the first and the last line are not empty.
    """
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.extend(_wrapped(line))
    return "\n".join(lines) + "\n"


def _wrapped(line: str) -> list[str]:
    if line == SIGNATURE:
        return [line]
    bare = line.lstrip()
    indent = " " * (len(line) - len(bare) + (2 if bare.startswith(("- ", "* ")) else 0))
    broken = textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return broken or [""]
