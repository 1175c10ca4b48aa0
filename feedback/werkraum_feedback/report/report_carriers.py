"""What carries a passage, in words and with a way there: for the desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from werkraum_feedback.coding.theme_counts import theme_counts
from werkraum_feedback.models import QuestionRow
from werkraum_feedback.report.report_evidence import Evidence
from werkraum_feedback.report_models import Passage
from werkraum_feedback.statement_models import Statement, StatementState
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.links import path_to

# Where rows of the event are looked at that have no page of their own.
LISTS = {
    "session": "desk:programme",
    "material": "desk:materials",
    "reply": "desk:replies",
}


@dataclass(frozen=True)
class Carrier:
    """One piece of evidence: a sentence, the page it comes from, what was said."""

    words: str
    href: str = ""
    statements: tuple[str, ...] = ()
    # How many more were said, that a page of their own shows.
    more: int = 0


@dataclass(frozen=True)
class Sources:
    """Rows that evidence names, read for many passages at once."""

    event_id: UUID
    questions: Mapping[str, QuestionRow] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)


async def sources_of(
    organiser_id: UUID, event_id: UUID, passages: Iterable[Passage]
) -> Sources:
    """Read what the evidence of these passages names; two queries."""
    evidence = [it for passage in passages for it in passage.evidence]
    asked = {UUID(it["question_id"]) for it in evidence if it.get("question_id")}
    said = {UUID(one) for it in evidence for one in it.get("ids", ())}
    questions = await QuestionRow.filter(
        id__in=list(asked), round__organiser_id=organiser_id
    )
    statements = await Statement.filter(
        id__in=list(said), organiser_id=organiser_id, state=StatementState.SHOWN
    )
    return Sources(
        event_id,
        {str(it.id): it for it in questions},
        {str(it.id): it.text for it in statements},
    )


def carriers_of(passage: Passage, sources: Sources) -> list[Carrier]:
    return [_carrier(it, sources) for it in passage.evidence]


async def with_statements(
    organiser_id: UUID, passage: Passage, sources: Sources
) -> list[Carrier]:
    """Add to each theme what was said about it; five queries."""
    found = []
    counts = {
        str(it.theme.id): it.statement_ids
        for it in await theme_counts(sources.event_id)
        if it.theme.organiser_id == organiser_id
    }
    for it in passage.evidence:
        carrier = _carrier(it, sources)
        ids = counts.get(it.get("theme_id", ""), ())
        said = await Statement.filter(id__in=list(ids), organiser_id=organiser_id)
        texts = tuple(one.text for one in sorted(said, key=lambda one: one.id))
        found.append(Carrier(carrier.words, carrier.href, carrier.statements + texts))
    return found


def _carrier(it: Evidence, sources: Sources) -> Carrier:
    match it["kind"]:
        case "answers":
            return _answers(it, sources)
        case "theme":
            words = gettext(
                "Theme “%(name)s”: %(part)s of %(whole)s statements",
                name=it["name"],
                part=it["part"],
                whole=it["whole"],
            )
            event, theme = UUID(it["event"]), UUID(it["theme_id"])
            href = path_to("desk:theme_words", id=event, theme=theme)
            return Carrier(words, href, more=it["part"])
        case "statements":
            return _statements(it, sources)
        case "attendance":
            words = gettext(
                "People: %(part)s, from %(organisations)s organisations",
                part=it["part"],
                organisations=it["organisations"],
            )
            return Carrier(words, path_to("desk:headcount", id=sources.event_id))
        case "contacts":
            words = gettext(
                "Contacts with two yeses: %(part)s; talks agreed: %(talks)s",
                part=it["part"],
                talks=it["talks"],
            )
            return Carrier(words, path_to("desk:contacts", id=sources.event_id))
        case "pledges":
            words = gettext("People with a pledge: %(part)s", part=it["part"])
            return Carrier(words, path_to("desk:event_pledges", id=sources.event_id))
        case _:
            return _row(it, sources.event_id)


def _answers(it: Evidence, sources: Sources) -> Carrier:
    href = path_to("desk:results", id=it["round_id"])
    question = sources.questions.get(it["question_id"])
    name = pick(question.text)[0] if question else gettext("The whole round")
    if it["part"] is None or it["whole"] is None:
        words = gettext("%(question)s – %(word)s", question=name, word=it.get("word"))
        return Carrier(words if it.get("word") else name, href)
    words = gettext(
        "%(question)s – %(part)s of %(whole)s",
        question=name,
        part=it["part"],
        whole=it["whole"],
    )
    if it["code"]:
        words += f" ({_labels(question, it['code'])})"
    return Carrier(words, href)


def _labels(question: QuestionRow | None, code: str) -> str:
    """Name an option as the form does; steps of a scale by their number."""
    options = question.options if question else []
    return next((pick(it["label"])[0] for it in options if it["code"] == code), code)


def _statements(it: Evidence, sources: Sources) -> Carrier:
    if "ids" in it:
        said = [sources.statements.get(one) for one in it["ids"]]
        gone = gettext("This statement is not there any more.")
        return Carrier(
            gettext("The statement itself"), statements=tuple(x or gone for x in said)
        )
    words = gettext(
        "%(part)s of %(whole)s statements", part=it["part"], whole=it["whole"]
    )
    href = path_to("desk:statements", id=sources.event_id)
    return Carrier(words, f"{href}?phase={it['phase']}" if it["phase"] else href)


def _row(it: Evidence, event_id: UUID) -> Carrier:
    kind, name = it["kind"], str(it.get("name", ""))
    words = {
        "event": gettext("Event: %(name)s", name=name),
        "session": gettext("Item of the running order: %(name)s", name=name),
        "material": gettext("Material: %(name)s", name=name),
        "practice": gettext("Example from practice: %(name)s", name=name),
        "reply": gettext("What became of: %(name)s", name=name),
    }.get(kind, name)
    if kind == "event":
        return Carrier(words, path_to("desk:event", id=it["id"]))
    if kind == "practice":
        return Carrier(words, path_to("desk:practice", practice=it["id"]))
    return Carrier(words, path_to(LISTS[kind], id=event_id) if kind in LISTS else "")
