"""Bad inputs B18, B19 and B39 at the level of one number field."""

import json
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import faults_of
from werkraum_foundation.plain_numbers import whole_number

SEATS: TypeAdapter[int] = TypeAdapter(Annotated[int, whole_number(1, 500)])


def code_of(error: ValidationError) -> str:
    (fault,) = faults_of(error)
    return fault.code


@pytest.mark.parametrize("typed", ["1", "500", "007", 12])
def test_a_form_takes_digits(typed: str | int) -> None:
    assert SEATS.validate_python(typed) == int(typed)


NO_NUMBERS = ["1_000", "٣", "３", " 1", "1 ", "1\n", "+1", "1.0", "1,5", "1e3", "0x1"]
NO_NUMBERS += ["NaN", "1e999", "", "-", "--1", "1\x00", "²"]


@pytest.mark.parametrize("typed", NO_NUMBERS, ids=repr)
def test_a_form_refuses_what_is_no_plain_number(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SEATS.validate_python(typed)
    assert code_of(refused.value) == "not_a_number"


OUT_OF_RANGE = ["-1", "0", "-0", "501", "1000", "2147483648", str(2**70), "9" * 5000]


@pytest.mark.parametrize("typed", OUT_OF_RANGE, ids=[n[:20] for n in OUT_OF_RANGE])
def test_a_form_refuses_a_number_out_of_range(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SEATS.validate_python(typed)
    assert code_of(refused.value) == "out_of_range"


@pytest.mark.parametrize("sent", ["1", 1.0, True, None, [1], {}], ids=repr)
def test_json_takes_numbers_only(sent: object) -> None:
    with pytest.raises(ValidationError) as refused:
        SEATS.validate_json(json.dumps(sent))
    assert code_of(refused.value) == "wrong_type"


def test_the_refusal_names_the_range_and_not_what_was_typed() -> None:
    with pytest.raises(ValidationError) as refused:
        SEATS.validate_python("7777")
    (fault,) = faults_of(refused.value)
    assert fault.message == "Please enter a whole number from 1 to 500."


def test_the_schema_of_the_api_tells_the_range() -> None:
    schema = SEATS.json_schema()
    assert schema == {"type": "integer", "minimum": 1, "maximum": 500}
