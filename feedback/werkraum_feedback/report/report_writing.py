"""Writing a report as a file, in a process of its own that may fail alone.

python -m werkraum_feedback.report.report_writing pdf < document.json > report.pdf
"""

import json
import resource
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from werkraum_feedback.report.report_document import Bar, Block, Document, Part
from werkraum_feedback.report_models import PassageKind
from werkraum_foundation.markdown import Span

SECONDS = 60  # of processor time
NEEDS = {"pdf": "typst", "docx": "docx"}


def is_installed(suffix: str) -> bool:
    """Whether the extra that writes this kind of file is there."""
    return find_spec(NEEDS[suffix]) is not None


def read(told: dict[str, Any]) -> Document:  # Any: JSON
    """Read a document as `dataclasses.asdict` has told it."""
    parts = tuple(
        Part(it["code"], it["heading"], tuple(map(_block, it["blocks"])))
        for it in told["parts"]
    )
    return Document(**{**told, "parts": parts})


def _block(told: dict[str, Any]) -> Block:  # Any: JSON
    return Block(
        **{
            **told,
            "kind": PassageKind(told["kind"]),
            "spans": tuple(Span(**it) for it in told["spans"]),
            "head": tuple(told["head"]),
            "rows": tuple(tuple(row) for row in told["rows"]),
            "bars": tuple(Bar(**it) for it in told["bars"]),
        }
    )


def writer(suffix: str) -> Callable[[Document], bytes]:
    if suffix == "pdf":
        from werkraum_feedback.report.report_pdf import pdf

        return pdf
    from werkraum_feedback.report.report_docx import report_docx

    return report_docx


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    document = read(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(writer(sys.argv[1])(document))


if __name__ == "__main__":
    main()
