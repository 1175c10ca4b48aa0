"""Every kind of page there is: its address, and what is done to come to see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from tests.browser.windows import Window

Steps = Callable[[Window], Awaitable[None]]


@dataclass(frozen=True)
class PageKind:
    """A page by its path, with `{lang}` and the names of the office in it.

    Pages of the desk have no language in their path: there the browser's counts.
    What stands before the comma of the name is the subject: what has the same one
    may have the same title.
    """

    name: str
    path: str
    steps: Steps | None = None

    @property
    def subject(self) -> str:
        return self.name.partition(",")[0]

    @property
    def file_name(self) -> str:
        return self.name.replace(",", "").replace(" ", "-")

    @property
    def at_desk(self) -> bool:
        return self.path.startswith(("/desk/", "/sign-in/"))


async def send_empty_form(window: Window) -> None:
    await window.press("Register")


async def take_down_nothing(window: Window) -> None:
    await window.press("Put it into the ledger")


async def mark_with_nothing(window: Window) -> None:
    await window.press("Mark with this theme")
    # A script sends it, and the page stays.
    await window.page.locator(".fault-summary").wait_for()


async def move_nothing(window: Window) -> None:
    await window.press("Move them there")


async def word_nothing(window: Window) -> None:
    await window.press("Put it into the codebook")


async def answer_too_much(window: Window) -> None:
    """Choose what takes place at the same time, and nothing to eat."""
    boxes = window.page.locator("input[name=sessions]")
    for number in range(2):
        await boxes.nth(number).check()
    await window.press("Register")


async def end_room(window: Window) -> None:
    await window.press("End the room now …")


async def set_up_with_faults(window: Window) -> None:
    await window.page.locator("#lead_minutes").fill("")
    await window.page.locator("form[action$='/options'] button").click()
    await window.page.wait_for_load_state()


async def place_nobody(window: Window) -> None:
    await window.press("Place them there")


async def add_none(window: Window) -> None:
    await window.press("Add")


async def say_none(window: Window) -> None:
    await window.press("Send the answer")


async def register(window: Window) -> None:
    await window.type("Your name", "Anna Beispiel")
    await window.type("Your e-mail address", f"anna-{uuid4().hex}@example.org")
    await window.press("Register")


async def correct_the_address(window: Window) -> None:
    await register(window)
    await window.type("The right address", "anna")
    await window.press("Correct the address")


async def ask_for_link(window: Window) -> None:
    await window.type("Your e-mail address", "anna@example.org")
    await window.press("Send me the link")


async def open_my_data(window: Window) -> None:
    await window.page.get_by_text(window.words("My data"), exact=True).click()


async def join_in(window: Window) -> None:
    await window.press("Tell the organiser")


async def seek_nothing(window: Window) -> None:
    await window.press("Look for people")


async def save_faults(window: Window) -> None:
    await window.type("Your name", "")
    await window.type("How many seats in all", "9")
    await window.press("Save")


async def ask_to_sign_in(window: Window) -> None:
    await window.type("Your e-mail address", "olga@network.example")
    await window.press("Send me a link")


async def enter_the_room(window: Window) -> None:
    await window.press("Enter the room")


async def enter_in_a_tab(window: Window) -> None:
    await window.choose("Open the room in a tab of its own, for example on a telephone")
    await window.press("Enter the room")


async def enter_the_first(window: Window) -> None:
    await window.page.locator(".rooms button").first.click()
    await window.page.wait_for_load_state()


async def save_empty_event(window: Window) -> None:
    await window.press("Save the draft")


async def send_no_card(window: Window) -> None:
    await window.press("Send the card")


async def count_none(window: Window) -> None:
    await window.press("Count it")


async def reveal_few(window: Window) -> None:
    await window.press("End the voting and show the result")


async def draft_survey(window: Window) -> None:
    """Draft one unless the test before has done so."""
    if not await window.page.get_by_text(window.words("Change the questions")).count():
        await window.press("Draft it")
    await window.follow("Change the questions")


async def word_question(window: Window) -> None:
    await draft_survey(window)
    await window.press("Word it")


async def preview_survey(window: Window) -> None:
    await draft_survey(window)
    await window.follow("See it as people will")


async def plan_survey(window: Window) -> None:
    if not await window.page.get_by_text(window.words("Change the questions")).count():
        await window.press("Draft it")
    await window.follow("Let it open by itself")


async def list_people(window: Window) -> None:
    """Draft a survey of the network unless the test before has done so."""
    if not await window.page.get_by_text(window.words("Whom to ask")).count():
        await window.press("Draft it")
    await window.follow("Whom to ask")


async def list_nobody(window: Window) -> None:
    await list_people(window)
    await window.type("One person a line", "nobody")
    await (
        window.page.get_by_role("button")
        .filter(has_text=window.words("Add to the list"))
        .first.click()
    )
    await window.page.wait_for_load_state()


async def ask_to_open(window: Window) -> None:
    if not await window.page.get_by_text(window.words("Change the questions")).count():
        await window.press("Draft it")
    await window.follow("Open the %(round)s …", round=window.words("survey"))


async def cancel(window: Window) -> None:
    await window.page.locator("main a[href$='/cancel']").first.click()
    await window.page.wait_for_load_state()


async def type_wrong_code(window: Window) -> None:
    await window.type("The 6 digits", "12345")
    await window.press("Sign in")


async def add_empty_item(window: Window) -> None:
    await window.press("Add")


async def add_nobody(window: Window) -> None:
    await window.press("Add")


async def make_key(window: Window) -> None:
    await window.press("Make a key")


async def come_in(window: Window) -> None:
    await window.type("Your e-mail address", "anna@example.org")
    await window.type("The code that the hall shows", "1")
    await window.press("I am here")


async def come_to_the_list(window: Window) -> None:
    """Wait for the script; without it the page is made of forms."""
    await window.page.locator("#check-in[data-ready]").wait_for()


async def come_to_the_line(window: Window) -> None:
    """Wait for the script; without it the page is made of forms."""
    await window.page.locator("#capture[data-ready]").wait_for()


async def add_no_card(window: Window) -> None:
    await window.press("Add the card")


async def walk_in(window: Window) -> None:
    await window.press("Register and check in")


async def save_nothing(window: Window) -> None:
    await window.press("Save")


async def add_empty(window: Window) -> None:
    await window.type("How long before the start", "")
    await window.press("Add")


async def save_empty_letter(window: Window) -> None:
    await window.press("Save the draft")


async def send_at_no_time(window: Window) -> None:
    await window.page.locator("input[value=at]").check()
    await window.page.locator("#at").fill("")
    await window.press("Send")


async def ask_for_nothing(window: Window) -> None:
    await window.press("Ask for it")


async def save_nothing_of_it(window: Window) -> None:
    await window.press("Save")


async def lower_the_seats(window: Window) -> None:
    await window.page.locator("#seats_onsite").fill("1")
    await window.press("Save")


async def move_by_an_hour(window: Window) -> None:
    """Change both times, and come to what people would be told."""
    for name in ("starts_at", "ends_at"):
        field = window.page.locator(f"#{name}")
        day, _, hour = (await field.input_value()).partition("T")
        await field.fill(f"{day}T{int(hour[:2]) + 1:02}{hour[2:]}")
    await window.press("Save")


async def begin_later(window: Window) -> None:
    """Cut the beginning of an item, and come to what people would be told."""
    field = window.page.locator("#starts_at")
    moment = datetime.fromisoformat(await field.input_value())
    await field.fill(f"{moment + timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    await window.press("Save")


async def remove_item(window: Window) -> None:
    await window.page.locator("form[action$='/remove'] button").first.click()
    await window.page.wait_for_load_state()


async def invite_nobody(window: Window) -> None:
    await window.press("Invite them")


async def tick_all_events(window: Window) -> None:
    """Tick every event, choose what leads to another question, and send it all."""
    for box in await window.page.locator("[name=events]").all():
        await box.check()
    await window.page.locator("[name^=q_][value=vegan]").check()
    await send_empty_form(window)


async def clear_the_names(window: Window) -> None:
    for field in await window.page.locator("input[type=text]").all():
        await field.fill("")
    await window.press("Save")


async def make_no_series(window: Window) -> None:
    await window.press("Make the series")


async def clear_the_name(window: Window) -> None:
    await window.page.locator("#name").fill("")
    await window.press("Register")


async def open_a_passage(window: Window) -> None:
    """Open what carries the first passage, and the form to change it."""
    await window.page.locator("article summary").first.click()
    await window.page.locator("article summary").nth(1).click()


async def open_besides(window: Window) -> None:
    """Open what today's facts say and the report does not."""
    await window.page.locator("#besides summary").click()


async def add_nothing(window: Window) -> None:
    await window.page.get_by_text(
        window.words("Add a passage to a section, also to an empty one")
    ).click()
    await window.page.locator("details[open] > form button").last.click()
    await window.page.wait_for_load_state()


PUBLIC = (
    PageKind("programme", "/{lang}/"),
    PageKind("programme, no hit", "/{lang}/?q=xyz"),
    PageKind("subscriptions", "/{lang}/calendar"),
    PageKind("subscriptions, of a kind", "/{lang}/calendar?kind=forum&mode=online"),
    PageKind("archive", "/{lang}/archive"),
    PageKind("event, hybrid with a programme", "/{lang}/events/{hybrid}"),
    PageKind("event, on site", "/{lang}/events/{onsite_only}"),
    PageKind("event, online and full", "/{lang}/events/{full}"),
    PageKind("event, called off", "/{lang}/events/{off}"),
    PageKind("event, moved", "/{lang}/events/{moved}"),
    PageKind("event, not open yet", "/{lang}/events/{not_open_yet}"),
    PageKind("event, past", "/{lang}/events/{past}"),
    PageKind("form with faults", "/{lang}/events/{hybrid}", send_empty_form),
    PageKind("event, with questions", "/{lang}/events/{asking}"),
    PageKind("questions, with faults", "/{lang}/events/{asking}", answer_too_much),
    PageKind("what comes next", "/{lang}/events/{onsite_only}", register),
    PageKind("address to correct", "/{lang}/events/{full}", correct_the_address),
    PageKind("confirm", "/{lang}/confirm/{unconfirmed_confirm}"),
    PageKind("confirm, done already", "/{lang}/confirm/{online_confirm}"),
    PageKind("confirm, too late", "/{lang}/confirm/{expired_confirm}"),
    PageKind("my dates", "/{lang}/dates/{dates}"),
    PageKind("my dates, ended", "/{lang}/dates/{dates_gone}"),
    PageKind("my dates, ordered", "/{lang}/my/{online}/dates"),
    PageKind("personal page, unconfirmed", "/{lang}/my/{unconfirmed}"),
    PageKind("personal page, online", "/{lang}/my/{online}"),
    PageKind("personal page, on site", "/{lang}/my/{onsite}"),
    PageKind("personal page, waiting", "/{lang}/my/{waitlisted}"),
    PageKind("personal page, cancelled", "/{lang}/my/{cancelled}"),
    PageKind("personal page, expired", "/{lang}/my/{expired}"),
    PageKind("personal page, party", "/{lang}/my/{party}"),
    PageKind("personal page, waits too", "/{lang}/my/{waits_too}"),
    PageKind("personal page, offered", "/{lang}/my/{offered}"),
    PageKind("personal page, better seat offered", "/{lang}/my/{better}"),
    PageKind("personal page, just cancelled", "/{lang}/my/{just_left}"),
    PageKind("personal page, taken off", "/{lang}/my/{taken_off}"),
    PageKind("personal page, looked at", "/{lang}/my/{pending}"),
    PageKind("personal page, rejected", "/{lang}/my/{rejected}"),
    PageKind("personal page, lapsed", "/{lang}/my/{lapsed}"),
    PageKind("personal page, my data", "/{lang}/my/{moving}", open_my_data),
    PageKind("personal page, what follows", "/{lang}/my/{promises}"),
    PageKind("join in", "/{lang}/my/{promises_none}/join-in"),
    PageKind("join in, with faults", "/{lang}/my/{promises_none}/join-in", join_in),
    PageKind("change how I join in", "/{lang}/my/{promises}/join-in/{pledge}"),
    PageKind("my example", "/{lang}/my/{promises}/practices/{asked_card}"),
    PageKind("contacts of mine, none", "/{lang}/my/{promises_none}/contacts"),
    PageKind(
        "contacts of mine, with faults",
        "/{lang}/my/{promises_none}/contacts",
        seek_nothing,
    ),
    PageKind("contacts of mine", "/{lang}/my/{promises}/contacts"),
    PageKind("talk of two", "/{lang}/my/{talker}/contacts/{contact}/talk"),
    PageKind(
        "talk to call off", "/{lang}/my/{talker}/contacts/{contact}/talk/call-off"
    ),
    PageKind("best practices", "/{lang}/practices"),
    PageKind("best practices, no hit", "/{lang}/practices?q=xyz"),
    PageKind("best practice", "/{lang}/practices/{card_slug}"),
    PageKind("change my details", "/{lang}/my/{party}/change"),
    PageKind("change my details, faults", "/{lang}/my/{party}/change", save_faults),
    PageKind("change my details, again", "/{lang}/my/{pending}/change"),
    PageKind("new address", "/{lang}/my/{party}/address"),
    PageKind("new address, asked", "/{lang}/my/{moving}/address"),
    PageKind("new address, to confirm", "/{lang}/address/{new_address}"),
    PageKind("erase my data", "/{lang}/my/{party}/erase"),
    PageKind("erased", "/{lang}/erased"),
    PageKind("personal page, event off", "/{lang}/my/{lost}"),
    PageKind("personal page, past", "/{lang}/my/{was_there}"),
    PageKind("who takes part", "/{lang}/my/{online}/people"),
    PageKind("personal page, unknown", "/{lang}/my/" + "x" * 43),
    PageKind("check in oneself", "/{lang}/events/{hall}/here"),
    PageKind("check in oneself, wrong code", "/{lang}/events/{hall}/here", come_in),
    PageKind("check in oneself, done", "/{lang}/events/{hall}/here?done=1"),
    PageKind("check in oneself, by link", "/{lang}/my/{not_here}/here"),
    PageKind("check in oneself, by link and done", "/{lang}/my/{here}/here"),
    PageKind("code for the entrance", "/desk/check-in/{code_here}"),
    PageKind("link again", "/{lang}/my"),
    PageKind("link again, sent", "/{lang}/my?event={hybrid}", ask_for_link),
    PageKind("door, early", "/{lang}/my/{online}/door"),
    PageKind("door, open", "/{lang}/my/{guest}/door"),
    PageKind("door, many rooms", "/{lang}/my/{guest_of_many}/door"),
    PageKind("door, room", "/{lang}/my/{guest}/door", enter_the_room),
    PageKind("door, room in a tab", "/{lang}/my/{guest}/door", enter_in_a_tab),
    PageKind("door, table", "/{lang}/my/{guest_of_many}/door", enter_the_first),
    PageKind("door, no way in", "/{lang}/my/{guest_outside}/door", enter_the_room),
    PageKind("door, over", "/{lang}/my/{was_there}/door"),
    PageKind("door, waiting", "/{lang}/my/{waitlisted}/door"),
    PageKind("door, event off", "/{lang}/my/{lost}/door"),
    PageKind("personal page, at a table", "/{lang}/my/{table_bela}"),
    PageKind("table of mine", "/{lang}/my/{table_bela}/tables"),
    PageKind("table of mine, none yet", "/{lang}/my/{table_cora}/tables"),
    PageKind("series", "/{lang}/series/{series}"),
    PageKind("series, with faults", "/{lang}/series/{series}", send_empty_form),
    PageKind("series, all ticked", "/{lang}/series/{series}", tick_all_events),
    PageKind("what comes next, series", "/{lang}/series/{series}/registered?{asked}"),
    PageKind("confirm a batch", "/{lang}/confirm/{batch}/all"),
    PageKind("standing of a batch", "/{lang}/confirm/{batch}/all?done=1"),
    PageKind("event, for guests", "/{lang}/events/{guests}"),
    PageKind("invitation", "/{lang}/invited/{invited_open}"),
    PageKind(
        "invitation, with faults", "/{lang}/invited/{invited_open}", clear_the_name
    ),
    PageKind("invitation, declined", "/{lang}/invited/{invited_declined}"),
    PageKind("invitation, withdrawn", "/{lang}/invited/{invited_withdrawn}"),
    PageKind("invitation, accepted", "/{lang}/invited/{invited_accepted}"),
    PageKind("survey", "/{lang}/feedback/{open_unused}"),
    PageKind("survey, asked in every way", "/{lang}/feedback/{every_way}"),
    PageKind("live, the code", "/{lang}/live"),
    PageKind("live, no such code", "/{lang}/live?code=12"),
    PageKind("live, one tap", "/{lang}/live/{tap_code}"),
    PageKind("live, heard", "/{lang}/live/{tap_code}/{tap_key}"),
    PageKind("live, result", "/{lang}/live/{shown_code}/{shown_key}"),
    PageKind("live, words", "/{lang}/live/{words_code}/{words_key}"),
    PageKind("live, cards", "/{lang}/live/{cards_code}/{cards_key}"),
    PageKind("live, an empty card", "/{lang}/live/{cards_code}", send_no_card),
    PageKind("live, over", "/{lang}/live/{over_code}"),
    PageKind("survey, thanks", "/{lang}/feedback/{open_ballot}"),
    PageKind("survey, closed", "/{lang}/feedback/{closed_unused}"),
    PageKind("survey, unknown", "/{lang}/feedback/" + "x" * 43),
    PageKind("report", "/{lang}/reports/{reported}"),
    PageKind("report, earlier", "/{lang}/reports/{reported}/1"),
    PageKind("event, reported", "/{lang}/events/{reported}"),
    PageKind("legal notice", "/{lang}/legal/{organiser}/imprint"),
    PageKind("privacy", "/{lang}/legal/{organiser}/privacy"),
    PageKind("accessibility", "/{lang}/legal/{organiser}/accessibility"),
    PageKind("not found", "/{lang}/events/nothing-here"),
    PageKind("sign in", "/desk/sign-in"),
    PageKind("sign in, asked", "/desk/sign-in", ask_to_sign_in),
    PageKind("sign in, code", "/sign-in/{sign_in}"),
    PageKind("sign in, wrong code", "/sign-in/{sign_in}", type_wrong_code),
    PageKind("sign in, unknown link", "/sign-in/" + "x" * 43),
)

DESK = (
    PageKind("desk", "/desk/"),
    PageKind("new event", "/desk/events/new"),
    PageKind("new event with faults", "/desk/events/new", save_empty_event),
    PageKind("event at the desk", "/desk/events/{hybrid_id}"),
    PageKind("event at the desk, draft", "/desk/events/{draft_id}"),
    PageKind("event at the desk, off", "/desk/events/{off_id}"),
    PageKind("edit", "/desk/events/{hybrid_id}/edit"),
    PageKind("copy", "/desk/events/{hybrid_id}/copy"),
    PageKind("call off", "/desk/events/{hybrid_id}/cancel"),
    PageKind("running order", "/desk/events/{hybrid_id}/programme"),
    PageKind("materials, empty", "/desk/events/{full_id}/materials"),
    PageKind("running order, empty", "/desk/events/{full_id}/programme"),
    PageKind("item of the order", "/desk/events/{hybrid_id}/programme/{item}"),
    PageKind("item with faults", "/desk/events/{full_id}/programme", add_empty_item),
    PageKind("item, to remove", "/desk/events/{chosen_id}/programme", remove_item),
    PageKind("item, people choose", "/desk/events/{chosen_id}/programme/{chosen_item}"),
    PageKind(
        "item, moved",
        "/desk/events/{chosen_id}/programme/{chosen_item}",
        begin_later,
    ),
    PageKind("edit, moved", "/desk/events/{hybrid_id}/edit", move_by_an_hour),
    PageKind("edit, fewer seats", "/desk/events/{chosen_id}/edit", lower_the_seats),
    PageKind("rules", "/desk/events/{coded_id}/registration"),
    PageKind(
        "rules, saved", "/desk/events/{coded_id}/registration", save_nothing_of_it
    ),
    PageKind("guests", "/desk/events/{guests_id}/guests"),
    PageKind("guests, none", "/desk/events/{hybrid_id}/guests"),
    PageKind("guests, with faults", "/desk/events/{guests_id}/guests", invite_nobody),
    PageKind("guests, draft", "/desk/events/{draft_id}/guests"),
    PageKind("by hand", "/desk/events/{hybrid_id}/registrations/new"),
    PageKind(
        "by hand, with faults",
        "/desk/events/{hybrid_id}/registrations/new",
        clear_the_name,
    ),
    PageKind("by hand, questions", "/desk/events/{asking_id}/registrations/new"),
    PageKind("all series", "/desk/series"),
    PageKind("all series, with faults", "/desk/series", make_no_series),
    PageKind("one series", "/desk/series/{series_id}"),
    PageKind("topics", "/desk/topics"),
    PageKind("one topic", "/desk/topics/{topic}"),
    PageKind("one topic, with faults", "/desk/topics/{topic}", clear_the_names),
    PageKind("reminders", "/desk/events/{hybrid_id}/reminders"),
    PageKind("reminders, event off", "/desk/events/{off_id}/reminders"),
    PageKind("reminders, with faults", "/desk/events/{full_id}/reminders", add_empty),
    PageKind("reminder, its letter", "/desk/events/{hybrid_id}/reminders/4320"),
    PageKind("letters", "/desk/events/{hybrid_id}/letters"),
    PageKind("letters, none", "/desk/events/{full_id}/letters"),
    PageKind("letter to write", "/desk/events/{hybrid_id}/letters/new"),
    PageKind(
        "letter to write, with faults",
        "/desk/events/{hybrid_id}/letters/new",
        save_empty_letter,
    ),
    PageKind("letter, draft", "/desk/events/{hybrid_id}/letters/{letter_draft}"),
    PageKind("letter, planned", "/desk/events/{hybrid_id}/letters/{letter_planned}"),
    PageKind("letter, sent", "/desk/events/{hybrid_id}/letters/{letter_sent}"),
    PageKind("letter, stopped", "/desk/events/{hybrid_id}/letters/{letter_stopped}"),
    PageKind(
        "letter to change", "/desk/events/{hybrid_id}/letters/{letter_draft}/edit"
    ),
    PageKind("letter to send", "/desk/events/{hybrid_id}/letters/{letter_draft}/send"),
    PageKind(
        "letter to send, no time",
        "/desk/events/{hybrid_id}/letters/{letter_draft}/send",
        send_at_no_time,
    ),
    PageKind(
        "letter in preview", "/desk/events/{hybrid_id}/letters/{letter_draft}/preview"
    ),
    PageKind("failed letters", "/desk/jobs"),
    PageKind("room servers", "/desk/room-servers"),
    PageKind("registrations", "/desk/events/{hybrid_id}/registrations"),
    PageKind("registrations, none", "/desk/events/{moved_id}/registrations"),
    PageKind("check-in", "/desk/events/{hall_id}/check-in", come_to_the_list),
    PageKind("check-in, no seat", "/desk/events/{hall_id}/check-in?show=unclear"),
    PageKind("check-in, nobody", "/desk/events/{moved_id}/check-in"),
    PageKind("check in by code", "/desk/check-in/{code_here}"),
    PageKind("check in by code, no seat", "/desk/check-in/{code_gone}"),
    PageKind("walk-in", "/desk/events/{hall_id}/check-in/walk-in"),
    PageKind("walk-in, faults", "/desk/events/{hall_id}/check-in/walk-in", walk_in),
    PageKind("hall", "/desk/events/{hall_id}/check-in/hall"),
    PageKind("hall, switched off", "/desk/events/{hybrid_id}/check-in/hall"),
    PageKind("name badges", "/desk/events/{hall_id}/check-in/badges"),
    PageKind("list to sign", "/desk/events/{hall_id}/check-in/list"),
    PageKind("host's room, early", "/desk/events/{hybrid_id}/room"),
    PageKind("host's room, open", "/desk/events/{today_id}/room"),
    PageKind("one room, open", "/desk/events/{today_id}/rooms/{room_open}"),
    PageKind("one room, to end", "/desk/events/{today_id}/rooms/{room_open}", end_room),
    PageKind(
        "one room, with faults",
        "/desk/events/{today_id}/rooms/{room_open}",
        set_up_with_faults,
    ),
    PageKind("one room of a table", "/desk/events/{tables_id}/rooms/{room_table}"),
    PageKind("host's room, with tables", "/desk/events/{tables_id}/room"),
    PageKind("tables, none", "/desk/events/{hybrid_id}/tables"),
    PageKind("tables", "/desk/events/{tables_id}/tables"),
    PageKind("tables, faults", "/desk/events/{tables_id}/tables", place_nobody),
    PageKind("table", "/desk/events/{tables_id}/tables/one/{table}"),
    PageKind("table, to remove", "/desk/events/{tables_id}/tables", remove_item),
    PageKind("tables to spread", "/desk/events/{tables_id}/tables/spread"),
    PageKind("feedback, none", "/desk/events/{today_id}/feedback"),
    PageKind("feedback, open", "/desk/events/{asked_id}/feedback"),
    PageKind("feedback, closed", "/desk/events/{past_id}/feedback"),
    PageKind("capture", "/desk/events/{hall_id}/feedback/capture", come_to_the_line),
    PageKind("capture, nothing yet", "/desk/events/{moved_id}/feedback/capture"),
    PageKind(
        "capture, a line to change",
        "/desk/events/{hall_id}/feedback/capture?change={line}",
    ),
    PageKind("introduction cards", "/desk/events/{hall_id}/feedback/cards"),
    PageKind("introduction cards, none", "/desk/events/{moved_id}/feedback/cards"),
    PageKind(
        "introduction cards, with faults",
        "/desk/events/{hall_id}/feedback/cards",
        add_no_card,
    ),
    PageKind("introduction card", "/desk/events/{hall_id}/feedback/cards/{card}"),
    PageKind("cards on the wall", "/desk/events/{hall_id}/feedback/cards/screen"),
    PageKind(
        "cards on the wall, none", "/desk/events/{moved_id}/feedback/cards/screen"
    ),
    PageKind("clock", "/desk/events/{hall_id}/feedback/clock"),
    PageKind("clock, nothing on", "/desk/events/{moved_id}/feedback/clock"),
    PageKind("pledges", "/desk/events/{followed_id}/feedback/pledges"),
    PageKind("pledges, none", "/desk/events/{past_id}/feedback/pledges"),
    PageKind("pledges of all", "/desk/pledges"),
    PageKind("a pledge", "/desk/pledges/{pledge}"),
    PageKind("practices", "/desk/events/{followed_id}/feedback/practices"),
    PageKind("practices of all", "/desk/practices"),
    PageKind("a practice, asked", "/desk/practices/{asked_card}"),
    PageKind("a practice of mine", "/desk/practices/{practice_card}"),
    PageKind("a practice of mine, draft", "/desk/practices/{draft_card}"),
    PageKind("practice to write, with faults", "/desk/practices/new", save_nothing),
    PageKind("practice to change", "/desk/practices/{practice_card}/edit"),
    PageKind("contacts", "/desk/events/{followed_id}/feedback/contacts"),
    PageKind(
        "talk to call off, desk",
        "/desk/events/{followed_id}/feedback/contacts/{contact}/call-off",
    ),
    PageKind("replies", "/desk/events/{followed_id}/feedback/replies"),
    PageKind("reply", "/desk/events/{followed_id}/feedback/replies/{raised_theme}"),
    PageKind(
        "reply to send",
        "/desk/events/{followed_id}/feedback/replies/{raised_theme}/send",
    ),
    PageKind("figures", "/desk/figures"),
    PageKind("survey, questions", "/desk/events/{full_id}/feedback", draft_survey),
    PageKind("survey, a question", "/desk/events/{full_id}/feedback", word_question),
    PageKind("survey, preview", "/desk/events/{full_id}/feedback", preview_survey),
    PageKind("survey, plan", "/desk/events/{full_id}/feedback", plan_survey),
    PageKind("surveys of the network", "/desk/rounds"),
    PageKind("survey, whom to ask", "/desk/rounds", list_people),
    PageKind("survey, a faulty list", "/desk/rounds", list_nobody),
    PageKind("survey, to open", "/desk/events/{full_id}/feedback", ask_to_open),
    PageKind("survey, to close", "/desk/rounds/{open_round}/close"),
    PageKind("statements, none", "/desk/events/{today_id}/feedback/statements"),
    PageKind("statements", "/desk/events/{asked_id}/feedback/statements"),
    PageKind(
        "statements, hidden",
        "/desk/events/{asked_id}/feedback/statements?state=hidden&kind=wish",
    ),
    PageKind("statements of the network", "/desk/rounds/{network}/statements"),
    PageKind("coding, of the network", "/desk/rounds/{network}/coding"),
    PageKind("themes of the network", "/desk/rounds/{network}/themes"),
    PageKind("results of the network", "/desk/rounds/{network}/results"),
    PageKind("statement, new", "/desk/events/{asked_id}/feedback/statements/new"),
    PageKind(
        "statement, with faults",
        "/desk/events/{asked_id}/feedback/statements/new",
        take_down_nothing,
    ),
    PageKind("one statement", "/desk/statements/{statement}"),
    PageKind("coding, none", "/desk/events/{today_id}/feedback/coding"),
    PageKind("coding, next", "/desk/events/{asked_id}/feedback/coding"),
    PageKind(
        "coding, with others",
        "/desk/events/{asked_id}/feedback/coding?at={statement}&others=1",
    ),
    PageKind(
        "coding, with faults",
        "/desk/events/{asked_id}/feedback/coding?at={statement}",
        mark_with_nothing,
    ),
    PageKind("themes, none", "/desk/events/{today_id}/feedback/themes"),
    PageKind("themes, connecting", "/desk/events/{asked_id}/feedback/themes"),
    PageKind("words of a theme", "/desk/events/{asked_id}/feedback/themes/{theme}"),
    PageKind(
        "words of a theme, with faults",
        "/desk/events/{asked_id}/feedback/themes/{theme}",
        move_nothing,
    ),
    PageKind("agreement, none", "/desk/events/{today_id}/feedback/agreement"),
    PageKind("agreement", "/desk/events/{asked_id}/feedback/agreement"),
    PageKind("codebook", "/desk/codebook"),
    PageKind("codebook, taken in", "/desk/codebook/import"),
    PageKind("codebook, trend", "/desk/codebook/trend"),
    PageKind("theme, new", "/desk/codebook/new"),
    PageKind("theme, with faults", "/desk/codebook/new", word_nothing),
    PageKind("one theme", "/desk/codebook/{theme}"),
    PageKind("pulse, to start", "/desk/rounds/{unstarted_live}/live"),
    PageKind("pulse, one tap", "/desk/rounds/{tap_live}/live"),
    PageKind("pulse, too few voices", "/desk/rounds/{tap_live}/live", reveal_few),
    PageKind("pulse, result", "/desk/rounds/{shown_live}/live"),
    PageKind("pulse, cards", "/desk/rounds/{cards_live}/live"),
    PageKind("pulse, typed in wrongly", "/desk/rounds/{tap_live}/live", count_none),
    PageKind("wall, one tap", "/desk/rounds/{tap_live}/live/screen"),
    PageKind("wall, result", "/desk/rounds/{shown_live}/live/screen"),
    PageKind("wall, words", "/desk/rounds/{words_live}/live/screen"),
    PageKind("wall, cards", "/desk/rounds/{cards_live}/live/screen"),
    PageKind("results, in numbers", "/desk/rounds/{closed_round}/results"),
    PageKind("results, of every kind", "/desk/rounds/{mixed_round}/results"),
    PageKind("results, side by side", "/desk/rounds/{mixed_round}/results?by=kind"),
    PageKind("texts", "/desk/rounds/{mixed_round}/results/F08"),
    PageKind("results, in words", "/desk/rounds/{words_round}/results"),
    PageKind("results, not yet", "/desk/rounds/{open_round}/results"),
    PageKind(
        "bulk, to confirm",
        "/desk/events/{hybrid_id}/registrations/bulk?deed=cancel&whom=all",
    ),
    PageKind("bulk, done", "/desk/bulk/{deed}"),
    PageKind("registration of somebody", "/desk/registrations/{person}"),
    PageKind("files", "/desk/events/{hybrid_id}/registrations/files"),
    PageKind("file, being written", "/desk/exports/{writing}"),
    PageKind("file, ready", "/desk/exports/{ready}"),
    PageKind("list to send", "/desk/events/{hybrid_id}/import"),
    PageKind("lines of a list", "/desk/imports/{sent_list}"),
    PageKind("lines of a list, answers", "/desk/imports/{answered_list}"),
    PageKind("cancel for somebody", "/desk/registrations/{person}", cancel),
    PageKind("questions", "/desk/events/{asking_id}/questions"),
    PageKind("questions, none", "/desk/events/{moved_id}/questions"),
    PageKind("questions, with faults", "/desk/events/{moved_id}/questions", add_none),
    PageKind("a question", "/desk/events/{asking_id}/questions/{question}"),
    PageKind("a question, answered", "/desk/events/{asking_id}/questions/{answered}"),
    PageKind("form to look at", "/desk/events/{asking_id}/form"),
    PageKind("needs", "/desk/events/{asking_id}/needs"),
    PageKind("needs, none", "/desk/events/{moved_id}/needs"),
    PageKind("a need", "/desk/events/{asking_id}/needs/{need}"),
    PageKind("a need, with faults", "/desk/events/{asking_id}/needs/{need}", say_none),
    PageKind("consents", "/desk/events/{hybrid_id}/consents"),
    PageKind(
        "consents, with faults", "/desk/events/{full_id}/consents", ask_for_nothing
    ),
    PageKind("a consent", "/desk/events/{hybrid_id}/consents/photo"),
    PageKind("where people are from", "/desk/events/{hybrid_id}/headcount"),
    PageKind("where people are from, none", "/desk/events/{moved_id}/headcount"),
    PageKind("organisations", "/desk/organisations"),
    PageKind("organisations, no hit", "/desk/organisations?q=xyz"),
    PageKind("organisation, new", "/desk/organisations/new"),
    PageKind("organisation, new with faults", "/desk/organisations/new", save_nothing),
    PageKind("one organisation", "/desk/organisations/{organisation}"),
    PageKind("a double", "/desk/organisations/{double}"),
    PageKind("many organisations", "/desk/organisations/import"),
    PageKind("doubles", "/desk/organisations/doubles"),
    PageKind("merging", "/desk/organisations/merge?id={one}&id={other}"),
    PageKind("reports", "/desk/events/{reported_id}/feedback/report"),
    PageKind("reports, none", "/desk/events/{unreported_id}/feedback/report"),
    PageKind("report to write", "/desk/reports/{report}"),
    PageKind("report to write, a passage", "/desk/reports/{report}", open_a_passage),
    PageKind("report to write, faults", "/desk/reports/{report}", add_nothing),
    PageKind("report to check", "/desk/reports/{report_in_review}"),
    PageKind("report to publish", "/desk/reports/{report_in_review}/publish"),
    PageKind("reports, one waits", "/desk/events/{unagreed_id}/feedback/report"),
    PageKind(
        "report to check, without a yes",
        "/desk/reports/{report_unagreed}",
        open_besides,
    ),
    PageKind("report to publish, held up", "/desk/reports/{report_unagreed}/publish"),
    PageKind("report that is out", "/desk/reports/{report_published}"),
    PageKind("what carries it", "/desk/reports/{report}/passages/{passage}/evidence"),
    PageKind(
        "what carries it, a theme",
        "/desk/reports/{report}/passages/{passage_of_theme}/evidence",
    ),
    PageKind("html to copy", "/desk/reports/{report}/fragment"),
    PageKind("organiser", "/desk/organiser"),
    PageKind("team", "/desk/organiser/team"),
    PageKind("team, with faults", "/desk/organiser/team", add_nobody),
    PageKind("team, new key", "/desk/organiser/team", make_key),
    PageKind("not found, at the desk", "/desk/events/nothing-here"),
)

EMPTY = (
    PageKind("programme, empty", "/{lang}/"),
    PageKind("archive, empty", "/{lang}/archive"),
)
