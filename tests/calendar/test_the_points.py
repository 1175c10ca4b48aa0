"""Where each point of what calendars need is shown: an index, held to the tests.

By their numbers; 25 is a sheet that only people can fill.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
SHEET = TESTS.parent / "docs" / "calendar-clients.md"

TEXT, READERS = "calendar/test_icalendar_text.py", "calendar/test_readers.py"
TYPED, ITEMS = "calendar/test_pasted_texts.py", "calendar/test_items.py"
ZONES, RULES = "calendar/test_timezones.py", "calendar/test_rules.py"
PAGES, LETTERS = "server/test_calendar_pages.py", "server/test_letters.py"
SAME, DATES = "server/test_calendar_identity.py", "server/test_personal_dates.py"
MAIL, LINKS = "calendar/test_mail_parts.py", "calendar/test_add_links.py"
ANSWERS, WITHDRAWN = "incoming/test_gateway.py", "server/test_withdrawing.py"

SHOWN = {
    "1 same rows, same bytes, in every process and under -O": [
        f"{TEXT}::test_the_same_rows_give_the_same_bytes_in_every_process",
        f"{TYPED}::test_the_same_without_assertions_and_in_another_process",
    ],
    "2 one UID in feed, file and mail, and for life": [
        f"{SAME}::test_an_entry_has_one_name_in_feed_file_and_letter_and_keeps_it",
        f"{TEXT}::test_all_kinds_agree_on_uid_and_revision",
    ],
    "3 SEQUENCE and DTSTAMP: moved, put right, saved as it was": [
        f"{LETTERS}::test_a_move_raises_the_sequence_of_the_same_item",
        f"{LETTERS}::test_a_typing_error_put_right_is_no_letter",
        f"{LETTERS}::test_an_event_moved_there_and_back_is_no_letter",
        "events/test_events.py::test_saving_what_is_there_changes_nothing",
        f"{PAGES}::test_moving_an_item_or_its_event_raises_its_sequence_a_typo_does_not",
    ],
    "4 asked, moved, called off, in a program that keeps entries": [
        f"{SAME}::test_a_program_follows_a_move_and_an_end_whatever_comes_late",
        f"{READERS}::test_a_newer_revision_replaces_the_older_one_on_radicale",
    ],
    "5 nothing stale is sent after something newer": [
        f"{SAME}::test_a_program_follows_a_move_and_an_end_whatever_comes_late",
        f"{RULES}::test_the_higher_sequence_wins_then_the_later_moment",
        f"{LETTERS}::test_an_event_moved_twice_at_once_is_one_letter",
        f"{LETTERS}::test_a_reaction_that_comes_again_writes_no_second_letter",
    ],
    "6 off for all, or for one person": [
        f"{TEXT}::test_a_cancellation_tells_whether_the_event_is_off",
        f"{SAME}::test_who_leaves_and_comes_back_has_one_entry_again",
        f"{LETTERS}::test_who_is_out_is_taken_out_of_the_calendar",
        f"{LETTERS}::test_an_event_that_is_off_is_told_to_holders_and_those_who_wait",
    ],
    "7 one date of a series (docs/decisions/0029)": [
        f"{SAME}::test_one_date_of_a_series_that_moves_is_one_message_about_it",
    ],
    "8 twelve months in eight zones, in every reader": [
        f"{READERS}::test_every_reader_finds_start_end_title_and_status",
    ],
    "9 VTIMEZONE that every reader understands, none unused": [
        f"{ZONES}::test_no_component_holds_what_readers_stumble_over",
        f"{TEXT}::test_no_zone_is_missing_twice_or_unused",
    ],
    "10 pasted text comes back": [
        f"{TYPED}::test_what_was_typed_comes_back",
        f"{TYPED}::test_no_text_adds_a_line_or_breaks_one",
    ],
    "11 no text becomes a property": [
        f"{READERS}::test_a_typed_property_stays_text",
        f"{ITEMS}::test_what_no_file_may_hold_becomes_no_item",
        f"{TYPED}::test_an_address_is_taken_as_it_is_or_refused",
    ],
    "12 whole days: there are none (docs/decisions/0031)": [
        f"{TEXT}::test_every_entry_has_hours_even_over_whole_days",
    ],
    "13 what a download must not hold": [
        f"{TEXT}::test_neither_feed_nor_download_holds",
        f"{TEXT}::test_only_a_feed_has_a_name",
        f"{PAGES}::test_a_download_holds_the_times_and_leads_to_the_page",
    ],
    "14 a CalDAV server gives the same facts back": [
        f"{READERS}::test_radicale_gives_back_the_facts_of_every_entry",
    ],
    "15 the structure of the mail": [
        f"{MAIL}::test_the_structure_is_what_every_program_finds",
        f"{MAIL}::test_both_copies_keep_every_octet",
        f"{LETTERS}::test_the_letter_comes_from_the_organizer_of_its_invitation",
        f"{SAME}::test_of_two_hundred_guests_no_letter_names_another",
    ],
    "16 two hundred guests": [
        f"{SAME}::test_of_two_hundred_guests_no_letter_names_another",
    ],
    "17 a host among the guests": [
        f"{SAME}::test_a_host_who_registers_is_not_invited_by_oneself",
        f"{TEXT}::test_nobody_is_invited_by_themselves",
    ],
    "18 from waiting to a seat, and back again": [
        f"{LETTERS}::test_nobody_waiting_has_it_in_the_calendar_before_moving_up",
        f"{LETTERS}::test_who_registers_again_is_invited_above_the_cancellation",
    ],
    "19 304 without a body": [
        f"{PAGES}::test_who_has_it_already_gets_nothing_again",
        f"{PAGES}::test_public_calendars_know_when_they_were_changed_last",
        f"{PAGES}::test_head_tells_what_get_would",
        f"{PAGES}::test_a_change_of_the_event_changes_every_tag",
        f"{PAGES}::test_every_change_in_a_series_changes_its_feed",
    ],
    "20 one change writes one entry": [
        "calendar/test_kept_entries.py::test_one_change_in_the_longest_feed_writes_one",
        f"{PAGES}::test_a_change_of_one_event_writes_one_entry_of_the_feed",
    ],
    "21 what is off stays for a while, then goes": [
        f"{PAGES}::test_what_is_off_stays_in_the_feed_for_thirty_days",
        f"{PAGES}::test_what_has_been_leaves_the_feed_after_ninety_days",
        f"{WITHDRAWN}::test_it_is_on_no_page_and_calendars_take_it_out",
        f"{WITHDRAWN}::test_after_thirty_days_calendars_hear_no_more_of_it",
    ],
    "22 revoked is gone; programs are let in as they come": [
        f"{DATES}::test_one_button_ends_it_for_good_and_says_so",
        f"{PAGES}::test_programs_that_fetch_a_feed_are_let_in_as_they_come",
        f"{PAGES}::test_a_caller_without_any_wish_reads_german",
        f"{PAGES}::test_a_download_is_named_after_the_event_and_sets_no_cookie",
    ],
    "23 answers of calendars": [
        f"{ANSWERS}::test_an_answer_of_each_calendar_counts_once",
        f"{ANSWERS}::test_a_decline_takes_no_seat_and_asks_by_letter",
        f"{ANSWERS}::test_an_answer_to_older_times_is_marked_and_does_not_count",
        f"{ANSWERS}::test_an_answer_for_another_address_is_refused",
    ],
    "24 addresses that add a copy": [
        f"{LINKS}::test_google_gets_the_same_moments_and_words",
        f"{LINKS}::test_outlook_gets_the_same_moments_and_words",
        f"{LINKS}::test_whatever_was_typed_the_address_is_short_and_plain",
    ],
}


def test_no_point_is_left_out() -> None:
    assert [int(point.split()[0]) for point in SHOWN] == list(range(1, 25))


@pytest.mark.parametrize("point", SHOWN)
def test_each_point_is_shown_by_tests_there_are(point: str) -> None:
    assert SHOWN[point]
    for shown in SHOWN[point]:
        file, _, name = shown.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text("utf-8"), shown


def test_the_sheet_for_real_programs_asks_for_every_step_in_each() -> None:
    rows = re.findall(r"(?m)^\| (?!---|program)(.+) \|$", SHEET.read_text("utf-8"))
    assert len(rows) >= 6
    for row in rows:
        program, *cells = row.split(" | ")
        assert len(cells) == 7, program
        for cell in cells[2:]:
            assert cell == "not tested" or re.search(r"\d{4}-\d\d-\d\d", cell), row
