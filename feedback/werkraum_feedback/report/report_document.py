"""A report as every output writes it: parts with headings, and blocks in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date

from werkraum_feedback.report.report_sections import title_of
from werkraum_feedback.report_models import Passage, PassageKind, Report
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import in_language, locale_of_dates, pick
from werkraum_foundation.local_times import local
from werkraum_foundation.markdown import Span, spans

Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """One passage; `spans` are its words, of a table or picture the caption."""

    kind: PassageKind
    spans: Spans
    # Of a quote: where it comes from, and the language of its words.
    source: str = ""
    language: str = ""
    # Of a table and a picture: heads of the columns, and the rows.
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bars: tuple["Bar", ...] = ()
    answered: int = 0

    @property
    def text(self) -> str:
        return "".join(it.text for it in self.spans)


@dataclass(frozen=True)
class Bar:
    """An option of a question in a picture."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Part:
    code: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    title: str
    language: str
    number: int
    event: str
    organiser: str
    # A date as 2027-03-01, or empty for what is not published.
    published: str = ""
    # The same as people say it.
    published_on: str = ""
    change_note: str = ""
    content_hash: str = ""
    # Words of our own that an output needs.
    words: dict[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def line(self) -> str:
        """Which version it is, and since when everybody can read it."""
        version = self.words["version"].format(self.number)
        return f"{version} · {self.published_on or self.words['draft']}"


def document_of(
    report: Report, passages: Sequence[Passage], words: dict[str, str]
) -> Document:
    """Put a report together; it comes with its event, and that with its organiser."""
    with in_language(report.language):
        event = report.event
        published = report.published_at
        return Document(
            title=report.title,
            language=report.language,
            number=report.number,
            event=pick(event.title)[0],
            organiser=footer_of(event.organiser).name,
            published=published.date().isoformat() if published else "",
            published_on=_day(published, event.timezone) if published else "",
            change_note=report.change_note,
            content_hash=report.content_hash,
            words=words,
            parts=tuple(parts_of(passages, words)),
        )


def _day(moment: datetime, timezone: str) -> str:
    return format_date(local(moment, timezone), "long", locale=locale_of_dates())


def parts_of(passages: Iterable[Passage], words: dict[str, str]) -> Iterable[Part]:
    for code, found in groupby(passages, key=lambda it: it.section):
        rows = list(found)
        blocks = tuple(block_of(it, words) for it in rows)
        yield Part(code, heading_of(code, rows), blocks)


def heading_of(code: str, passages: Iterable[Passage]) -> str:
    """Name a section in the current language: a theme's by the theme."""
    named = (it.data["heading"] for it in passages if it.data.get("heading"))
    return str(next(named, "")) or title_of(code)


def block_of(passage: Passage, words: dict[str, str]) -> Block:
    data: dict[str, Any] = passage.data  # Any: as the model keeps it
    said = spans(passage.text)
    match passage.kind:
        case PassageKind.QUOTE:
            source, language = data.get("from", ""), data.get("language", "")
            return Block(passage.kind, said, source=source, language=language)
        case PassageKind.TABLE:
            return Block(
                passage.kind,
                said,
                head=tuple(map(str, data.get("head", ()))),
                rows=tuple(tuple(map(str, row)) for row in data.get("rows", ())),
            )
        case PassageKind.CHART:
            return _chart(said, data, words)
        case _:
            return Block(passage.kind, said)


def _chart(said: Spans, data: dict[str, Any], words: dict[str, str]) -> Block:
    bars = tuple(
        Bar(str(it["label"]), int(it["count"] or 0), int(it["percent"] or 0))
        for it in data.get("bars", ())
    )
    percent = words.get("percent", "{}%")
    return Block(
        PassageKind.CHART,
        said,
        head=(words["answer"], words["people"], words["share"]),
        rows=tuple(
            (it.label, str(it.count), percent.format(it.percent)) for it in bars
        ),
        bars=bars,
        answered=int(data.get("answered") or 0),
    )


def in_sequence(blocks: Iterable[Block]) -> Iterable[tuple[PassageKind, list[Block]]]:
    """Put items that follow each other into one list."""
    for is_item, found in groupby(blocks, key=lambda it: it.kind is PassageKind.ITEM):
        rows = list(found)
        if is_item:
            yield PassageKind.ITEM, rows
        else:
            yield from ((it.kind, [it]) for it in rows)
