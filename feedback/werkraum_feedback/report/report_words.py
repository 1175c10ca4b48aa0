"""Names and addresses put into Markdown so that they stay what they are."""

import re
from urllib.parse import quote

# What begins emphasis, a link, code or an entity; "<" an address in brackets.
MARKS = re.compile(r"([\\`*_\[\]<>&~])")


def plainly(text: str) -> str:
    """Write somebody's text on one line, with nothing in it that is Markdown."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def linked(text: str, address: str) -> str:
    """Write a link; what is no address of the web stays without."""
    if not address.startswith(("https://", "http://", "mailto:")):
        return plainly(text)
    safe = quote(address, safe="%/:=&?~#+!$,;'@*-._[]")
    return f"[{plainly(text)}](<{safe}>)"
