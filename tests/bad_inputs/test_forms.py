"""Every row at every field of every form, sent twice, once in each language."""

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import pytest
from tests.bad_inputs.answered_forms import Page
from tests.bad_inputs.asking_forms import asking_forms
from tests.bad_inputs.day_forms import day_forms
from tests.bad_inputs.entry_forms import entry_forms
from tests.bad_inputs.forms import Office, Sheet, event_form, forms_of, with_version
from tests.bad_inputs.inputs import BAD, WRITTEN, Kind
from tests.bad_inputs.letter_forms import letter_forms
from tests.bad_inputs.organisation_forms import consent_forms, organisation_forms
from tests.bad_inputs.table_forms import table_forms
from tests.bad_inputs.trials import SPOKEN, Trial

URLENCODED = "application/x-www-form-urlencoded"
Filled = Mapping[str, str | list[str]]


async def every_form(office: Office) -> list[Sheet]:
    return [
        *await forms_of(office),
        *await asking_forms(),
        *await day_forms(),
        *await entry_forms(office),
        *await table_forms(office),
        *await organisation_forms(office),
        *consent_forms(office),
        *await letter_forms(office),
    ]


async def tried(
    trial: Trial, sheet: Sheet, case: str, filled: Filled, lang: str, value: str = ""
) -> httpx.Response:
    return await trial.send(
        f"{sheet.name}, {case} ({lang})",
        "POST",
        sheet.path.format(lang=lang),
        value,
        data=filled,
        headers={"accept-language": lang},
    )


def must_keep(
    trial: Trial, case: str, answer: httpx.Response, typed: Filled, *, but: str = ""
) -> Page:
    """Look whether everything typed stands in the form that came back."""
    page = Page(answer.text)
    kept = page.form_with(typed)
    for name, entry in typed.items():
        entries = entry if isinstance(entry, list) else [entry]
        if name != but and kept.get(name, entries[:0]) != entries:
            trial.fail(case, f"{name} is {kept.get(name)}, was {entries}")
    return page


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())
async def test_a_bad_entry_comes_back_with_its_reason_and_all_that_was_typed(
    trial: Trial, office: Office, kind: Kind
) -> None:
    for sheet in await every_form(office):
        for name in sheet.fields_of(kind):
            for row, value in BAD[kind].items():
                await sent_with(trial, sheet, name, row, value)
    trial.end()


async def sent_with(
    trial: Trial, sheet: Sheet, name: str, row: str, value: str
) -> None:
    entry = [value] if isinstance(sheet.filled.get(name), list) else value
    typed = {**sheet.filled, name: entry}
    for lang in SPOKEN:
        case = f"{sheet.name}, {name}, {row} ({lang})"
        answer = await tried(trial, sheet, f"{name}, {row}", typed, lang, value)
        trial.expect(answer.status_code == 422, case, f"status {answer.status_code}")
        if answer.status_code == 422:
            must_be_shown(trial, sheet, case, answer, typed, name)
    await trial.nothing_changed(case)


def must_be_shown(
    trial: Trial,
    sheet: Sheet,
    case: str,
    answer: httpx.Response,
    typed: Filled,
    name: str,
) -> None:
    lang = case[-3:-1]
    if sheet.bare:
        trial.expect(Page(answer.text).lang == lang, case, "another language")
        trial.expect(name in answer.text, case, "the field is not named")
        return
    shown = sheet.kinds[name] in WRITTEN and "\0" not in typed[name]
    page = must_keep(trial, case, answer, typed, but="" if shown else name)
    trial.expect(page.lang == lang, case, f"lang is {page.lang}")
    trial.expect(bool(page.summary), case, "no summary")
    if name not in sheet.hidden:
        trial.expect(f"{name}-fault" in page.ids, case, "no message at the field")
        trial.expect(page.summary == [name], case, f"faults at {page.summary}")
        trial.expect(name in page.ids, case, "the summary leads nowhere")


@pytest.mark.parametrize("lang", SPOKEN)
async def test_an_empty_form_names_every_required_field_once(
    trial: Trial, office: Office, lang: str
) -> None:
    for sheet in await every_form(office):
        if sheet.required is None:
            continue
        answer = await tried(trial, sheet, "B01 empty", {}, lang)
        case = f"{sheet.name}, B01 empty ({lang})"
        trial.expect(answer.status_code == 422, case, f"is {answer.status_code}")
        if not sheet.bare:
            named = Page(answer.text).summary
            trial.expect(sorted(named) == sorted(sheet.required), case, f"{named}")
        await trial.nothing_changed(case)
    trial.end()


async def sent_raw(
    trial: Trial, sheet: Sheet, row: str, body: bytes, kind: str | None = URLENCODED
) -> httpx.Response:
    headers = {} if kind is None else {"content-type": kind}
    case, path = f"{sheet.name}, {row}", sheet.path.format(lang="en")
    answer = await trial.send(case, "POST", path, content=body, headers=headers)
    await trial.nothing_changed(case)
    return answer


async def test_a_field_sent_twice_and_one_that_is_unknown_are_refused(
    trial: Trial, office: Office
) -> None:
    for sheet in await every_form(office):
        body = urlencode(sheet.filled, doseq=True)
        single = [n for n, it in sheet.filled.items() if isinstance(it, str)]
        added = {f"B16 {name} twice": f"{name}=another" for name in single}
        added["B17 unknown"] = "status=confirmed&is_host=1&mode_capacity=999"
        for row, more in added.items():
            answer = await sent_raw(trial, sheet, row, f"{body}&{more}".encode())
            case = f"{sheet.name}, {row}"
            trial.expect(answer.status_code == 422, case, f"is {answer.status_code}")
            if not sheet.bare:
                must_keep(trial, case, answer, sheet.filled)
    trial.end()


BOUNDARY = "----limit"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnna\r\n'
END = f"--{BOUNDARY}--\r\n"

# Row → body, kind, the statuses it may be answered with.
UNREADABLE: dict[str, tuple[str | bytes, str | None, set[int]]] = {
    "B09 1 MB": ("name=" + "a" * 1_000_000, URLENCODED, {413}),
    "B11 lone surrogate": ("name=%ed%a0%80", URLENCODED, {400}),
    "B25 plain text": ("name=Anna", "text/plain", {415}),
    "B25 XML": ("<name>Anna</name>", "application/xml", {415}),
    "B25 JSON": ('{"name": "Anna"}', "application/json", {415}),
    "B25 no kind": ("name=Anna", None, {415}),
    "B25 no boundary": (PART + END, "multipart/form-data", {400}),
    "B25 another boundary": (PART + END, MULTIPART + "x", {400}),
    "B25 another encoding": ("name=Anna", f"{URLENCODED}; charset=utf-16", {415}),
    "B26 1,001 parts": (PART * 1_001 + END, MULTIPART, {400, 413}),
    "B26 1,001 fields": ("a=1&" * 1_000 + "a=1", URLENCODED, {400}),
    "B26 preamble": ("x" * 100_000 + PART + END, MULTIPART, {400, 413}),
    "B26 100,000 headers": (
        PART.replace("\r\n\r\n", "\r\n" + "a: b\r\n" * 100_000 + "\r\n") + END,
        MULTIPART,
        {400, 413},
    ),
    "B26 part without a name": (
        PART.replace('; name="name"', "") + END,
        MULTIPART,
        {400},
    ),
    "B26 a file": (
        PART.replace('"name"', '"name"; filename="a"') + END,
        MULTIPART,
        {400},
    ),
    "B26 cut off": (PART, MULTIPART, {400}),
    "B27 no UTF-8": ("name=%ff%fe", URLENCODED, {400}),
    "B27 no UTF-8, bare": (b"name=\xff\xfe", URLENCODED, {400}),
    "B27 overlong": ("name=%c0%af", URLENCODED, {400}),
    "B27 %u": ("name=%u0041", URLENCODED, {400}),
    "B51 5 MB": ("description_de=" + "a" * 5_000_000, URLENCODED, {413}),
}


async def test_a_body_that_no_browser_sends_is_refused_in_words(
    trial: Trial, office: Office
) -> None:
    for sheet in await every_form(office):
        for row, (body, kind, statuses) in UNREADABLE.items():
            if row.startswith("B26 1,001") and sheet.most_fields > 1_000:
                continue
            raw = body.encode() if isinstance(body, str) else body
            answer = await sent_raw(trial, sheet, row, raw, kind)
            case = f"{sheet.name}, {row}"
            right = answer.status_code in statuses
            trial.expect(right, case, f"is {answer.status_code}")
            trial.expect("<h1>" in answer.text, case, "no words")
    trial.end()


LONG = {
    "B52 brackets": "[" * 10_000,
    "B52 images": "![[" * 3_333,
    "B52 stars": "*a" * 5_000,
    "B52 smaller than": "<" * 10_000,
    "B52 lists in lists": "- " * 5_000,
    "B52 quotes in quotes": ">" * 10_000,
    "B14 markup": "<script>alert(1)</script>" * 400,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
async def test_ten_thousand_signs_are_taken_and_shown(
    trial: Trial, office: Office, text: str
) -> None:
    path = f"/desk/events/{office.draft.id}/edit"
    typed = {**with_version(event_form("edit", path)).filled, "description_en": text}
    saved = await tried(trial, event_form("edit", path), "B52", typed, "en")
    assert saved.status_code == 303
    await trial.client.post(f"/desk/events/{office.draft.id}/publish")
    shown = await trial.send("B52", "GET", "/en/events/forum-uebergang")
    assert shown.status_code == 200
    assert "<script>alert" not in shown.text
    trial.end()


ORDER: dict[str, tuple[Filled, str]] = {
    "B53 end before start": ({"ends_at": "2027-03-04T13:00"}, "ends_at"),
    "B53 no length": ({"ends_at": "2027-03-04T14:00"}, "ends_at"),
    "B53 ten years": ({"ends_at": "2037-03-04T14:00"}, "ends_at"),
    "B53 past": ({"starts_at": "2020-03-04T14:00"}, "starts_at"),
    "B54 Lord Howe": (
        {"timezone": "Australia/Lord_Howe", "starts_at": "2027-10-03T02:15"},
        "starts_at",
    ),
    "B54 Samoa": (
        {"timezone": "Pacific/Apia", "starts_at": "2011-12-30T12:00"},
        "starts_at",
    ),
    "B51 no title": ({"title_de": "", "title_en": "  "}, "title"),
    "B51 one letter": ({"title_en": "x"}, "title_en"),
    "B51 one letter and spaces": ({"title_en": "   x   "}, "title_en"),
    "B51 nobody takes part": ({"modes": []}, "modes"),
}


@pytest.mark.parametrize("lang", SPOKEN)
async def test_what_is_wrong_together_is_said_at_one_of_the_fields(
    trial: Trial, office: Office, lang: str
) -> None:
    events = [it for it in await every_form(office) if it.kinds.get("starts_at_fold")]
    for sheet in events:
        for row, (changes, name) in ORDER.items():
            typed = {**sheet.filled, **changes}
            answer = await tried(trial, sheet, row, typed, lang)
            case = f"{sheet.name}, {row} ({lang})"
            page = must_keep(trial, case, answer, typed)
            trial.expect(answer.status_code == 422, case, f"{answer.status_code}")
            trial.expect(f"{name}-fault" in page.ids, case, f"{page.summary}")
            await trial.nothing_changed(case)
    trial.end()
