"""The forms of the tables at the desk: many at once, one, their times, who sits."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_events.models import Event, Topic
from werkraum_events.wishes import Title
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext, language, pick
from werkraum_foundation.local_times import Fold, local, parse_local
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_rooms.models import BreakoutPlan, BreakoutTable
from werkraum_rooms.rules import Times
from werkraum_rooms.tables.table_rules import TableWish
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

Seats = Annotated[int, whole_number(1, 1_000)]
TITLE = line(max_length=200, min_length=2)


class NewTables(BaseModel):
    """One topic a line, in the language `lang`."""

    model_config = ConfigDict(extra="forbid")
    titles: Annotated[str, paragraphs(max_length=12_000)]
    seats: Seats | None = None
    lang: str

    @field_validator("titles")
    @classmethod
    def _one_a_line(cls, typed: str) -> str:
        return "\n".join(TITLE.read(it) for it in typed.splitlines() if it.strip())

    @field_validator("lang")
    @classmethod
    def _one_of_ours(cls, typed: str) -> str:
        if typed not in settings().languages:
            raise PydanticCustomError(
                "unknown_choice", "Please choose one of the options offered."
            )
        return typed

    def wishes(self, topics: Sequence[Topic]) -> list[TableWish]:
        """A table a line; one that is a topic of the event has its other words too."""
        known = {it.name[self.lang]: it.name for it in topics if self.lang in it.name}
        return [
            TableWish(known.get(title, {self.lang: title}), self.seats)
            for title in self.titles.splitlines()
        ]


class OneTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seats: Seats | None = None


class Plan(BaseModel):
    """Both times or none."""

    model_config = ConfigDict(extra="forbid")

    zone: ClassVar[str]
    chosen: bool = False
    starts_at_fold: Fold | None = None
    ends_at_fold: Fold | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @field_validator("starts_at", "ends_at", mode="before")
    @classmethod
    def _on_the_clock_of_the_place(cls, typed: str, info: ValidationInfo) -> datetime:
        return parse_local(typed, cls.zone, info.data.get(f"{info.field_name}_fold"))

    def times(self) -> Times | None:
        if self.starts_at is None or self.ends_at is None:
            return None
        return Times(self.starts_at, self.ends_at)


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    up: bool = False

    @property
    def steps(self) -> int:
        return -1 if self.up else 1


class Removal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sure: bool = False


class Placing(BaseModel):
    """These people go to this table; without one, they get up."""

    model_config = ConfigDict(extra="forbid")
    people: Annotated[tuple[UUID, ...], Field(max_length=1_000)] = ()
    table: UUID | None = None


class Agreement(BaseModel):
    """`seen` is the mark of the suggestion somebody has looked at."""

    model_config = ConfigDict(extra="forbid")
    seen: Annotated[str, line(max_length=64)]


class TakingBack(BaseModel):
    model_config = ConfigDict(extra="forbid")
    at: AwareDatetime


NewTablesForm = Form[NewTables]
OneTableForm = Form[OneTable]
PlanForm = Form[Plan]
PlacingForm = Form[Placing]


@cache
def _table_model() -> type[OneTable]:
    return with_texts(OneTable, {"title": Title})


async def read_table(request: Request) -> tuple[OneTableForm, TableWish | None]:
    """Read one table; it has a title in one language at least."""
    form: OneTableForm = await read_form(request, _table_model())
    titles = [form.text(f"title_{code}") for code in settings().languages]
    if not any(title.strip() for title in titles):
        form = Form(form.typed, (fault("title", "missing"), *form.faults))
    if form.value is None:
        return form, None
    return form, TableWish(texts_of(form.value, "title"), form.value.seats)


def typed_table(table: BreakoutTable) -> Typed:
    seats = "" if table.seats is None else str(table.seats)
    return {**typed_texts("title", table.title), "seats": seats}


@cache
def _plan_model(zone: str) -> type[Plan]:
    # A class of its own: the clock belongs to it.
    return type("Plan", (Plan,), {"zone": zone, "__module__": __name__})


async def read_plan(request: Request, event: Event) -> PlanForm:
    """Read when people sit, on the event's clock."""
    form: PlanForm = await read_form(request, _plan_model(event.timezone))
    if form.value is not None:
        faults = tuple(_half(form.value))
        return Form(form.typed, faults) if faults else form
    return form


def _half(plan: Plan) -> Iterator[Fault]:
    if bool(plan.starts_at) != bool(plan.ends_at):
        said = gettext("Please fill in both times, or none.")
        yield Fault("ends_at" if plan.starts_at else "starts_at", "missing", said)


def typed_plan(plan: BreakoutPlan | None, event: Event) -> Typed:
    typed = {"chosen": "on" if plan is None or plan.chosen else ""}
    for name in ("starts_at", "ends_at"):
        at = getattr(plan, name) if plan else None
        if at is not None:
            typed[name] = f"{local(at, event.timezone):%Y-%m-%dT%H:%M}"
    return typed


def typed_topics(topics: Sequence[Topic], tables: Sequence[BreakoutTable]) -> Typed:
    """Suggest a table for each topic of the event that has none yet."""
    there = {pick(it.title)[0] for it in tables}
    names = [pick(it.name)[0] for it in topics]
    open_ones = [it for it in names if it not in there]
    return {"titles": "\n".join(open_ones), "lang": language()}
