"""The form of when a draft opens by itself."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from werkraum_feedback.asking import rules
from werkraum_feedback.asking.planned import Plan
from werkraum_feedback.asking.queries import timezone_of
from werkraum_feedback.models import Round, RoundKind
from werkraum_foundation.forms import Typed
from werkraum_foundation.local_times import Fold, local, parse_local
from werkraum_foundation.plain_numbers import whole_number

AN_HOUR = timedelta(hours=1)
AFTERWARDS = (RoundKind.CLOSING, RoundKind.SURVEY)


class When(StrEnum):
    """An hour after the end, at a moment of its own, or by hand."""

    AFTER = "after"
    MOMENT = "moment"
    BY_HAND = "by_hand"


class PlanFields(BaseModel):
    """What belongs to another choice of `when` is left alone."""

    model_config = ConfigDict(extra="forbid")

    zone: ClassVar[str]
    when: When
    at_fold: Fold | None = None
    at: datetime | None = None
    days: Annotated[int, whole_number(1, 90)] = rules.OPEN_FOR.days
    reminds: bool = False

    @field_validator("at", mode="before")
    @classmethod
    def _on_the_clock_of_the_place(
        cls, typed: str, info: ValidationInfo
    ) -> datetime | None:
        if info.data.get("when") is not When.MOMENT:
            return None
        return parse_local(typed, cls.zone, info.data.get("at_fold"))

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.when is When.MOMENT and self.at is None:
            said = "Please fill in this field."
            raise PydanticCustomError("missing_here", said, {"field": "at"})
        return self

    def wish(self, end: datetime | None) -> Plan:
        """Say what is planned; `end` is that of the event or session."""
        opens_at = self.at if self.when is When.MOMENT else None
        if self.when is When.AFTER and end:
            opens_at = end + AN_HOUR
        return Plan(opens_at, self.days, self.reminds)


@cache
def plan_model(zone: str) -> type[PlanFields]:
    """Make the form's model for rounds on this clock; a few zones, kept."""

    class Fields(PlanFields):
        pass

    Fields.zone = zone
    return Fields


def typed_plan(draft: Round, end: datetime | None) -> Typed:
    """Write a plan as it would be typed; where there is none yet, suggest one."""
    if draft.opens_at is None:
        first = end is not None and draft.kind in AFTERWARDS
        when = When.AFTER if first else When.BY_HAND
    else:
        when = When.AFTER if end and draft.opens_at == end + AN_HOUR else When.MOMENT
    at = draft.opens_at if when is When.MOMENT else None
    return {
        "when": when.value,
        "at": local(at, timezone_of(draft)).strftime("%Y-%m-%dT%H:%M") if at else "",
        "days": str(draft.open_days),
        "reminds": "on" if draft.reminds or draft.opens_at is None else "",
    }
