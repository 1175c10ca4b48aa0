"""Lists of people as they are pasted."""

import pytest

from werkraum_registration.guest_lines import MOST, Invitee, read_lines

ADA = Invitee("ada@example.org", "Ada Muster")


@pytest.mark.parametrize(
    "line",
    [
        "Ada Muster <ada@example.org>",
        '"Ada Muster" <ada@example.org>',
        "Ada Muster; ada@example.org",
        "ada@example.org;Ada Muster",
        "Ada Muster\tada@example.org",
        '"Ada Muster","ada@example.org"',
        "Ada, Muster, ada@example.org",
        "  Ada Muster ; ada@example.org ; ",
    ],
)
def test_a_line_is_read_as_it_comes(line: str) -> None:
    assert read_lines(line) == ([ADA], [])


def test_an_address_alone_is_enough() -> None:
    assert read_lines("ada@example.org") == ([Invitee("ada@example.org")], [])


def test_headings_and_empty_lines_are_no_people() -> None:
    people, faults = read_lines("Name;E-Mail\r\n\r\nAda Muster;ada@example.org\n\n")
    assert (people, faults) == ([ADA], [])


def test_an_address_that_comes_twice_counts_once() -> None:
    people, faults = read_lines("Ada Muster;ada@example.org\nADA@Example.org")
    assert (people, faults) == ([ADA], [])


@pytest.mark.parametrize(
    "line",
    ["Ada Muster", "ada@", "a b@example.org <x>", "\u202eAda; ada@example.org", "<>"],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(line: str) -> None:
    people, faults = read_lines(f"ada@example.org\n{line}")
    assert [fault.field for fault in faults] == ["people"]
    assert faults[0].message.startswith("Line 2: ")


def test_more_than_500_people_are_refused() -> None:
    lines = "\n".join(f"a{n}@example.org" for n in range(MOST + 1))
    _, faults = read_lines(lines)
    assert [fault.code for fault in faults] == ["too_many"]
