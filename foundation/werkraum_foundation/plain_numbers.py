"""Whole numbers people type, in digits 0 to 9 and nothing else.

Use as `Annotated[int, whole_number(1, 500)]`. A form sends digits as text; in a
JSON body only a number is a number.
"""

import re
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import (
    CoreSchema,
    PydanticCustomError,
    PydanticKnownError,
    core_schema,
)

# int() alone would take "1_000", " 1" and digits of other scripts.
DIGITS = re.compile(r"-?[0-9]+", re.ASCII)
# As many as a 64-bit column holds; longer ones are out of any range of ours.
MOST_DIGITS = 19


@dataclass(frozen=True)
class WholeNumber:
    """The rule of one number field; both ends are possible values."""

    minimum: int
    maximum: int

    def read(self, typed: object, info: ValidationInfo) -> int:
        """Return the number; raises pydantic's errors."""
        number = self._number(typed, is_json=info.mode == "json")
        if not self.minimum <= number <= self.maximum:
            raise self._out_of_range()
        return number

    def _number(self, typed: object, *, is_json: bool) -> int:
        if isinstance(typed, int) and not isinstance(typed, bool):
            return typed
        if is_json or not isinstance(typed, str):
            raise PydanticKnownError("int_type")
        if not DIGITS.fullmatch(typed):
            raise PydanticKnownError("int_parsing")
        if len(typed.lstrip("-")) > MOST_DIGITS:
            raise self._out_of_range()
        return int(typed)

    def _out_of_range(self) -> PydanticCustomError:
        return PydanticCustomError(
            "out_of_range",
            "Please enter a whole number from {minimum} to {maximum}.",
            {"minimum": self.minimum, "maximum": self.maximum},
        )

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(
            self.read, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "minimum": self.minimum, "maximum": self.maximum}


def whole_number(minimum: int, maximum: int) -> WholeNumber:
    """Take a whole number from minimum to maximum, both included."""
    return WholeNumber(minimum, maximum)
