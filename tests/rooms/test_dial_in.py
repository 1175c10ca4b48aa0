"""Number and PIN are found in what an organiser writes."""

import pytest

from werkraum_rooms.dial_in import read_dial_in


@pytest.mark.parametrize(
    ("text", "dialled", "pin"),
    [
        ("+49 221 555 0100", "+492215550100", ""),
        ("+49 221 555 0100, PIN 4711", "+492215550100", "47 11"),
        ("0221/555-0100 PIN: 123456#", "02215550100", "123 456#"),
        ("+49 (0)221 5550100, Code 123 456 789", "+492215550100", "123 456 789"),
        ("PIN 4711, dann 0221 5550100", "02215550100", "47 11"),
        ("Einwahl: 0221 555 01 00 (Zugangscode 99 88 77)", "02215550100", "998 877"),
        ("Meeting-ID: 2624 114 9911, Telefon +49 69 50502596",
         "+496950502596", "262 411 499 11"),
    ],
)  # fmt: skip
def test_a_number_and_a_pin_are_found(text: str, dialled: str, pin: str) -> None:
    found = read_dial_in(text)

    assert (found.dialled, found.pin, found.text) == (dialled, pin, text)


@pytest.mark.parametrize(
    "text",
    ["", "on request", "12345", "+", "PIN", "ask at the desk, room 12", "1" * 40],
)
def test_what_is_no_number_stays_a_text(text: str) -> None:
    found = read_dial_in(text)

    assert (found.number, found.dialled, found.pin) == ("", "", "")
    assert found.text == text
