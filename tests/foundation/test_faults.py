"""Every fault once, at its field, in words a clerk understands."""

from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from werkraum_foundation.faults import Fault, faults_of
from werkraum_foundation.language import in_language
from werkraum_foundation.local_times import ZoneName
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import Line, line


class Kind(Enum):
    FORUM = "forum"
    TALK = "talk"


class Mode(BaseModel):
    model_config = ConfigDict(extra="forbid")
    capacity: Annotated[int, whole_number(1, 500)] | None = None


class Gathering(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, line(max_length=20)]
    kind: Kind = Kind.FORUM
    modes: dict[Literal["onsite", "online"], Mode] = Field(default_factory=dict)
    topics: Annotated[list[Line], Field(max_length=2)] = []
    zone: ZoneName = "UTC"
    series: UUID | None = None
    hours: float = 1
    starts: int = 0
    ends: int = 1

    @model_validator(mode="after")
    def must_end_after_start(self) -> "Gathering":
        if self.ends <= self.starts:
            raise PydanticCustomError(
                "ends_too_early",
                "The end must come at least {hours} hours after {start}.",
                {"hours": 2, "start": 12, "field": "ends"},
            )
        return self


FAULTY: dict[str, tuple[dict[str, object], str, str]] = {
    "nothing": ({"title": None}, "title", "wrong_type"),
    "too long": ({"title": "x" * 21}, "title", "too_long"),
    "no text": ({"title": 5}, "title", "wrong_type"),
    "choice": ({"kind": "party"}, "kind", "unknown_choice"),
    "nested": (
        {"modes": {"online": {"capacity": 0}}},
        "modes.online.capacity",
        "out_of_range",
    ),
    "nested, unknown": (
        {"modes": {"online": {"x": 0}}},
        "modes.online.x",
        "unknown_field",
    ),
    "key": ({"modes": {"moon": {}}}, "modes.moon", "unknown_choice"),
    "item": ({"topics": ["a", "\u200b"]}, "topics.1", "invisible"),
    "too many": ({"topics": ["a", "b", "c"]}, "topics", "too_many"),
    "no list": ({"topics": "a"}, "topics", "wrong_type"),
    "zone": ({"zone": "America"}, "zone", "time_zone"),
    "uuid": ({"series": "12"}, "series", "unknown_choice"),
    "number": ({"hours": "a"}, "hours", "wrong_type"),
    "unknown": ({"is_host": 1}, "is_host", "unknown_field"),
    "unknown with a hostile name": ({"<b>\r\n": 1}, "", "unknown_field"),
    "of the whole": ({"ends": 0}, "ends", "ends_too_early"),
}


def faults(wish: dict[str, object]) -> list[Fault]:
    with pytest.raises(ValidationError) as refused:
        Gathering.model_validate({"title": "Forum", **wish})
    return faults_of(refused.value)


@pytest.mark.parametrize(("wish", "field", "code"), FAULTY.values(), ids=FAULTY)
def test_a_fault_stands_at_its_field(
    wish: dict[str, object], field: str, code: str
) -> None:
    (fault,) = faults(wish)
    assert (fault.field, fault.code) == (field, code)


@pytest.mark.parametrize("name", sorted(FAULTY.keys() - {"of the whole"}))
def test_a_fault_is_said_in_german_too(name: str) -> None:
    wish, _, _ = FAULTY[name]
    english = faults(wish)[0].message
    with in_language("de"):
        german = faults(wish)[0].message
    assert german != english
    assert "{" not in german + english


def test_values_go_back_into_the_sentence_of_a_rule() -> None:
    (fault,) = faults({"ends": 0})
    assert fault.message == "The end must come at least 2 hours after 12."


def test_german_names_the_limit() -> None:
    with in_language("de"):
        (fault,) = faults({"modes": {"online": {"capacity": 501}}})
    assert fault.message == "Bitte geben Sie eine ganze Zahl von 1 bis 500 ein."


def test_german_names_two_limits_that_are_the_same() -> None:
    rule: TypeAdapter[int] = TypeAdapter(Annotated[int, whole_number(1, 1)])
    with pytest.raises(ValidationError) as refused:
        rule.validate_python("2")
    with in_language("de"):
        (fault,) = faults_of(refused.value)
    assert fault.message == "Bitte geben Sie eine ganze Zahl von 1 bis 1 ein."


def test_every_fault_is_named_and_each_once() -> None:
    wish: dict[str, object] = {
        "title": "\x00",
        "kind": "x",
        "modes": {"moon": {"capacity": 0}},
    }
    named = [(fault.field, fault.code) for fault in faults(wish)]
    assert sorted(named) == [
        ("kind", "unknown_choice"),
        ("modes.moon", "unknown_choice"),
        ("modes.moon.capacity", "out_of_range"),
        ("title", "unprintable"),
    ]


def test_no_message_repeats_what_was_typed() -> None:
    typed = "zz-secret-zz"
    wish: dict[str, object] = dict.fromkeys(
        ("kind", "zone", "series", "hours", "topics", "starts"), typed
    )
    said = "".join(fault.message for fault in faults(wish))
    assert typed not in said
