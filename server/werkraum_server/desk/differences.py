"""What two people typed into the same form: how the other's entries differ."""

from collections.abc import Iterator

from werkraum_foundation.forms import Typed

# Not typed by a person; offered to new events only; without a stored entry.
LEFT_OUT = ("version", "slug", "new_topics", "take_back")


def differences(stored: Typed, typed: Typed) -> dict[str, str]:
    """Find the fields whose stored entry is another than the typed one."""
    return dict(_differences(stored, typed))


def _differences(stored: Typed, typed: Typed) -> Iterator[tuple[str, str]]:
    for name in sorted(stored.keys() | typed.keys()):
        if name not in LEFT_OUT:
            there, here = _said(stored.get(name, "")), _said(typed.get(name, ""))
            if there != here:
                yield name, there


def _said(entry: str | tuple[str, ...]) -> str:
    text = entry if isinstance(entry, str) else ", ".join(sorted(entry))
    return text.replace("\r\n", "\n").strip()
