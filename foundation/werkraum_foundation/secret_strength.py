"""Which secrets are strong enough to be one, and the one development makes."""

import os
import secrets
import tempfile
from pathlib import Path

LEAST_BYTES = 32
# A key in hexadecimal has 16 characters to choose from and shows nearly all.
LEAST_DIFFERENT = 10
# What manuals and examples print; nobody draws these at random.
PRINTED = ("changeme", "change-me", "change_me", "insecure", "replace-me")


def weakness(secret: str) -> str | None:
    """Say what makes the secret weak; None where nothing does.

    It measures what can be seen. A long sentence from a book passes.
    """
    if len(secret.encode()) < LEAST_BYTES:
        return f"is too short: it needs at least {LEAST_BYTES} bytes."
    if any(printed in secret.lower() for printed in PRINTED):
        return "is an example from a manual that everybody knows."
    if len(set(secret)) < LEAST_DIFFERENT or _repeats(secret):
        return "is too regular to be secret: let a program draw it at random."
    return None


def _repeats(secret: str) -> bool:
    """Find a text made of one piece again and again, the last perhaps cut."""
    half = len(secret) // 2
    return any(secret[n:] == secret[:-n] for n in range(1, half + 1))


def own_secret(folder: Path) -> str:
    """Read the secret development made for itself, making it the first time.

    Two processes that start together agree: the file appears complete or not
    at all, and whoever comes second reads the first one's. Raises OSError.
    """
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _create_once(path, secrets.token_urlsafe(48))
    return path.read_text("utf-8").strip()


def _create_once(path: Path, text: str) -> None:
    # mkstemp gives mode 0600 from the first moment.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
