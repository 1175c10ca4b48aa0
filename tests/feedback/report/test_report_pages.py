import json
import re
from uuid import UUID, uuid4

import httpx
import pytest
from tests.feedback.report_office import a_bare_event, an_event_to_report
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)

from werkraum_events.models import Event
from werkraum_feedback.follow_up_models import (
    Practice,
    PracticeState,
    Reply,
    ReplyState,
)
from werkraum_feedback.report import reports
from werkraum_feedback.report.report_queries import passages_of
from werkraum_feedback.report_models import Passage, Report, ReportState
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser, Person, Role
from werkraum_registration import links
from werkraum_registration.models import Registration

OLGA = "person:olga"
SUFFIXES = ("html", "md", "json", "docx", "pdf")


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    """Olga is signed in and has a colleague; her organiser."""
    made = await olga_signed_in(client)
    await a_member(made, "Ina", "ina@network.example")
    return made


@pytest.fixture
async def event(olga: Organiser) -> Event:
    return await a_bare_event(olga)


async def drafted(organiser: Organiser, event: Event, language: str = "en") -> Report:
    return await reports.write_draft(
        organiser.id, event.id, language, actor=OLGA, now=clock.now()
    )


async def published(
    organiser: Organiser, event: Event, language: str = "en", note: str = ""
) -> Report:
    report = await drafted(organiser, event, language)
    return await published_at_last(organiser, report, note)


async def published_at_last(
    organiser: Organiser, report: Report, note: str = ""
) -> Report:
    now = clock.now()
    await reports.hand_over(organiser.id, report.id, actor=OLGA, now=now)
    current = await Report.get(id=report.id)
    return await reports.publish(
        organiser.id,
        report.id,
        note,
        version=current.version,
        actor="person:ina",
        now=now,
    )


async def first(report_id: UUID) -> Passage:
    return (await passages_of(report_id))[0]


def field(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found
    return found[1]


async def test_one_click_leads_to_a_draft_with_its_evidence_beside_it(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)

    sent = await client.post(
        f"/desk/events/{event.id}/feedback/report",
        data={"language": "de"},
        follow_redirects=True,
    )

    assert "The draft is written." in sent.text
    assert "Gut ein Drittel der Befragten wäre bereit" in sent.text
    assert "mitwirken? – 41 of 121 (yes)" in sent.text.replace("&ndash;", "–") or (
        "– 41 of 121 (yes)" in sent.text
    )
    assert "Vorstellungsrunde und verbindende Themen" in sent.text


async def test_what_a_draft_would_lack_is_said_with_the_way_there(
    client: httpx.AsyncClient, event: Event
) -> None:
    shown = await client.get(f"/desk/events/{event.id}/feedback/report")

    assert "There is no report yet." in shown.text
    assert "Results of the survey" in shown.text
    here = f"/desk/events/{event.id}"
    for page in (
        "programme",
        "materials",
        "feedback/practices",
        "feedback/pledges",
        "feedback/contacts",
        "feedback/replies",
    ):
        assert f'<a href="{here}/{page}">' in shown.text


async def test_a_language_that_nobody_writes_in_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(
        f"/desk/events/{event.id}/feedback/report", data={"language": "tlh"}
    )

    assert sent.status_code == 400
    assert not await Report.exists()


async def test_a_theme_opens_what_was_said(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    report = await drafted(olga, await an_event_to_report(olga))
    [shared] = [
        it
        for it in await passages_of(report.id)
        if it.section == "theme:1" and it.data["key"].endswith(".share")
    ]

    page = await client.get(f"/desk/reports/{report.id}/passages/{shared.id}/evidence")

    assert "Theme “Generationenwechsel”: 18 of 32 statements" in page.text
    assert page.text.count("Das beschäftigt uns.") == 18


async def test_evidence_leads_to_the_page_of_the_very_thing(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)
    card = await Practice.get()
    await Reply.create(
        organiser=olga,
        event=event,
        theme_id=card.theme_id,
        said={"en": "Find young people"},
        did={"en": "A day for them"},
        state=ReplyState.SENT,
        created_at=clock.now(),
    )
    report = await drafted(olga, event)
    here = f"/desk/events/{event.id}"

    page = await client.get(f"/desk/reports/{report.id}")
    led = set(re.findall(r'<li><a href="([^"]+)">', page.text))

    assert {
        f"{here}/headcount",
        f"{here}/programme",
        f"{here}/materials",
        f"{here}/feedback/themes/{card.theme_id}",
        f"{here}/feedback/statements?phase=introduction",
        f"{here}/feedback/statements?phase=closing",
        f"{here}/feedback/statements",
        f"{here}/feedback/contacts",
        f"{here}/feedback/pledges",
        f"{here}/feedback/replies",
        f"/desk/practices/{card.id}",
    } <= led
    for path in led:
        assert (await client.get(path)).status_code == 200, path


async def test_a_no_is_told_on_the_page_and_before_publishing(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    report = await drafted(olga, await an_event_to_report(olga))
    await Practice.all().update(state=PracticeState.REFUSED)
    await client.post(f"/desk/reports/{report.id}/hand-over")

    page = await client.get(f"/desk/reports/{report.id}")
    asked = await client.get(f"/desk/reports/{report.id}/publish")

    # The table, its introduction, and the sentence of the theme.
    assert page.text.count("This may not be published") == 3
    assert "3 passages quote somebody who has not agreed" in asked.text
    assert 'name="version"' not in asked.text


async def test_what_has_come_since_the_draft_is_taken_in_where_it_belongs(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)
    await Practice.all().update(state=PracticeState.AGREED)
    report = await drafted(olga, event)
    told = {it.data["key"] for it in await passages_of(report.id)}
    await Practice.all().update(state=PracticeState.PUBLISHED)
    path = f"/desk/reports/{report.id}"

    page = await client.get(path)
    offered = re.findall(r'name="key" value="([^"]+)"', page.text)
    for key in offered * 2:
        await client.post(f"{path}/take-in", data={"key": key})
    again = await client.get(path)

    assert "3 passages could be told besides" in page.text
    assert "could be told besides" not in again.text
    found = [it.data["key"] for it in await passages_of(report.id)]
    assert set(found) - told == set(offered) and len(found) == len(set(found))
    card = await Practice.get()
    share = found.index(f"theme.{card.theme_id}.share")
    example = found.index(f"theme.{card.theme_id}.examples")
    table = found.index("practices.table")
    assert share < example < found.index("practices.intro") == table - 1
    sections = [it.section for it in await passages_of(report.id)]
    assert (sections[example], sections[table]) == ("theme:1", "practices")


async def test_what_was_taken_out_can_be_taken_in_again(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    found = await passages_of(report.id)
    path = f"/desk/reports/{report.id}"

    await client.post(f"{path}/passages/{found[0].id}/deed", data={"do": "remove"})
    key = found[0].data["key"]
    sent = await client.post(f"{path}/take-in", data={"key": key})
    unknown = await client.post(f"{path}/take-in", data={"key": "nothing.like.it"})

    assert (sent.status_code, unknown.status_code) == (303, 404)
    now = [it.data["key"] for it in await passages_of(report.id)]
    assert now == [it.data["key"] for it in found]


async def test_an_example_that_waits_for_being_published_is_named(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)
    await Practice.all().update(state=PracticeState.AGREED)

    shown = await client.get(f"/desk/events/{event.id}/feedback/report")

    assert "One example from practice is agreed to and not published" in shown.text
    assert shown.text.count(f'href="/desk/events/{event.id}/feedback/practices"') == 3


async def test_a_passage_is_written_where_it_stands(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    passage = await first(report.id)
    page = await client.get(f"/desk/reports/{report.id}")
    path = f"/desk/reports/{report.id}/passages/{passage.id}"

    sent = await client.post(
        path,
        data={
            "text": "A **bold** <b>word</b>",
            "kind": "quote",
            "seen": field(page.text, "seen"),
        },
        follow_redirects=True,
    )

    assert "A <strong>bold</strong> &lt;b&gt;word&lt;/b&gt;" in sent.text
    assert (await first(report.id)).kind == "quote"


async def test_a_text_with_a_fault_comes_back_with_all_typed(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    passage = await first(report.id)

    sent = await client.post(
        f"/desk/reports/{report.id}/passages/{passage.id}",
        data={"text": "Zu lang " * 2_000, "kind": "item", "seen": "x"},
    )

    assert sent.status_code == 422
    assert "There is one thing to put right" in sent.text
    assert sent.text.count("Zu lang Zu lang") >= 1
    assert (await first(report.id)).text == passage.text


async def test_whoever_is_second_sees_both_texts(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    passage = await first(report.id)
    page = await client.get(f"/desk/reports/{report.id}")
    seen, path = field(page.text, "seen"), f"/desk/reports/{report.id}/passages/"
    typed = {"kind": "paragraph", "seen": seen}

    await client.post(f"{path}{passage.id}", data={**typed, "text": "Faster"})
    late = await client.post(f"{path}{passage.id}", data={**typed, "text": "Slower"})
    again = await client.post(
        f"{path}{passage.id}",
        data={
            "text": "Both",
            "kind": "paragraph",
            "seen": field(late.text, "seen"),
        },
    )

    assert late.status_code == 409
    assert "Faster" in late.text and "Slower" in late.text
    assert again.status_code == 303
    assert (await first(report.id)).text == "Both"


async def test_a_passage_is_moved_removed_put_back_and_added(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    passage = await first(report.id)
    here = f"/desk/reports/{report.id}/passages/{passage.id}"

    await client.post(f"{here}/deed", data={"do": "down"})
    assert (await first(report.id)).id != passage.id
    gone = await client.post(
        f"{here}/deed", data={"do": "remove"}, follow_redirects=True
    )
    assert not await Passage.exists(id=passage.id)
    await client.post(
        f"/desk/reports/{report.id}/put-back",
        data={"passage": field(gone.text, "passage")},
    )
    assert await Passage.exists(id=passage.id)
    await client.post(f"{here}/after", data={"text": "Mine", "kind": "item"})

    assert [it.text for it in await passages_of(report.id)][2] == "Mine"


async def test_a_report_goes_from_hand_to_hand(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    path = f"/desk/reports/{report.id}"

    handed = await client.post(f"{path}/hand-over", follow_redirects=True)
    asked = await client.get(f"{path}/publish")
    sent = await client.post(
        f"{path}/publish",
        data={"version": field(asked.text, "version")},
        follow_redirects=True,
    )

    assert "Please read the report." in handed.text
    assert "The report is published." in sent.text
    assert (await Report.get(id=report.id)).state is ReportState.PUBLISHED


async def test_an_office_of_one_looks_twice(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    event = await a_bare_event(office)
    person = await Person.get(name="Olga")
    now = clock.now()
    report = await reports.write_draft(
        office.id, event.id, "en", actor=f"person:{person.id}", now=now
    )
    path = f"/desk/reports/{report.id}/publish"
    handed = await client.post(
        f"/desk/reports/{report.id}/hand-over", follow_redirects=True
    )

    shown = await client.get(path)
    version = field(shown.text, "version")
    once = await client.post(path, data={"version": version})
    twice = await client.post(path, data={"version": version, "looked_again": "on"})

    for told in (handed.text, shown.text):
        assert "Nobody else of your team can check it." in told
        assert "Somebody else" not in told
    assert once.status_code == 422
    assert twice.status_code == 303
    page = await client.get(f"/en/reports/{event.slug}")
    assert "after a second reading, published by the same person" in page.text


async def test_everybody_reads_what_is_published(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)
    await published(olga, event, "de")
    client.cookies.clear()

    page = await client.get(f"/de/reports/{event.slug}")

    assert page.status_code == 200
    assert "Gut ein Drittel der Befragten wäre bereit" in page.text
    assert '<svg class="chart"' in page.text
    assert "<caption>Würden Sie an der Weiterentwicklung mitwirken?</caption>" in (
        page.text
    )
    assert "Worauf es beruht" not in page.text
    assert "set-cookie" not in page.headers


async def test_the_latest_version_is_shown_and_leads_to_the_earlier(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    before = await published(olga, event)
    made = await reports.write_next(olga.id, before.id, actor=OLGA, now=clock.now())
    await published_at_last(olga, made, "A number was put right.")

    latest = await client.get(f"/en/reports/{event.slug}")
    earlier = await client.get(f"/en/reports/{event.slug}/1")

    assert "What has changed: A number was put right." in latest.text
    assert f'href="/en/reports/{event.slug}/1"' in latest.text
    assert "There is a newer version of this report." in earlier.text


async def test_a_report_in_another_language_is_marked_as_such(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    await published(olga, event, "de")

    page = await client.get(f"/en/reports/{event.slug}")

    assert '<article class="stack" lang="de">' in page.text
    assert "Auf einen Blick" in page.text


async def test_a_report_is_found_from_event_archive_and_personal_page(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event_to_report(olga)
    await published(olga, event)
    registration = await Registration.filter(event_id=event.id).first()
    assert registration
    own = f"/en/my/{links.personal_token(registration)}"
    link = f'href="/en/reports/{event.slug}"'

    for path in (f"/en/events/{event.slug}", "/en/archive", own):
        assert link in (await client.get(path)).text


async def test_feeds_and_sitemap_name_the_latest_version_of_each_event(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    paths = ("/reports.atom?lang=en", "/reports.json?lang=en", "/sitemap.xml")
    draft = await drafted(olga, event)
    for path in paths:
        assert "/reports/" not in (await client.get(path)).text
    await published_at_last(olga, draft)
    again = await reports.write_next(olga.id, draft.id, actor=OLGA, now=clock.now())
    await published_at_last(olga, again, "Two figures put right")
    await published(olga, event, "de")

    atom, feed, sitemap = [(await client.get(path)).text for path in paths]

    assert atom.count("<entry") == 1 and "Two figures put right" in atom
    [item] = json.loads(feed)["items"]
    assert item["title"] == "Report: Further development"
    assert item["url"].endswith(f"/en/reports/{event.slug}")
    assert sitemap.count(f"/de/reports/{event.slug}</loc>") == 1
    german = json.loads((await client.get("/reports.json?lang=de")).text)["items"]
    assert [it["title"] for it in german] == ["Bericht: Weiterentwicklung"]


async def test_without_a_published_report_nothing_leads_to_one(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    await drafted(olga, event)

    for path in (f"/en/events/{event.slug}", "/en/archive"):
        assert "/reports/" not in (await client.get(path)).text


@pytest.mark.parametrize("state", ["draft", "in_review"])
async def test_a_draft_is_not_there_in_any_form(
    client: httpx.AsyncClient, olga: Organiser, event: Event, state: str
) -> None:
    report = await drafted(olga, event)
    if state == "in_review":
        await reports.hand_over(olga.id, report.id, actor=OLGA, now=clock.now())
    path = f"/en/reports/{event.slug}"

    for each in (path, f"{path}/1", *(f"{path}/1/report.{it}" for it in SUFFIXES)):
        assert (await client.get(each)).status_code == 404


async def test_every_file_is_handed_out_published_and_at_the_desk(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await published(olga, event)
    public, desk = f"/en/reports/{event.slug}/1", f"/desk/reports/{report.id}"

    for suffix in SUFFIXES:
        for path in (public, desk):
            file = await client.get(f"{path}/report.{suffix}")
            assert file.status_code == 200, (path, suffix)
            assert f'{event.slug}-en-1.{suffix}"' in file.headers["content-disposition"]
            assert len(file.content) > 500
    assert (await client.get(f"{public}/report.exe")).status_code == 404


async def test_evidence_is_for_the_desk_alone(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await published(olga, event)

    desk = await client.get(f"/desk/reports/{report.id}/report.json")
    public = await client.get(f"/en/reports/{event.slug}/1/report.json")

    [passage, *_] = json.loads(desk.text)["sections"][0]["passages"]
    assert passage["evidence"][0]["kind"] == "event"
    assert "evidence" not in public.text


async def test_the_html_to_copy_stands_in_a_field(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)

    page = await client.get(f"/desk/reports/{report.id}/fragment")

    assert "&lt;h2&gt;At a glance&lt;/h2&gt;" in page.text


PAGES = [
    ("GET", "/desk/events/{event}/feedback/report"),
    ("POST", "/desk/events/{event}/feedback/report"),
    ("GET", "/desk/reports/{report}"),
    ("POST", "/desk/reports/{report}/title"),
    ("POST", "/desk/reports/{report}/next"),
    ("POST", "/desk/reports/{report}/remove"),
    ("POST", "/desk/reports/{report}/put-back"),
    ("POST", "/desk/reports/{report}/take-in"),
    ("POST", "/desk/reports/{report}/passages"),
    ("POST", "/desk/reports/{report}/hand-over"),
    ("POST", "/desk/reports/{report}/hand-back"),
    ("GET", "/desk/reports/{report}/publish"),
    ("POST", "/desk/reports/{report}/publish"),
    ("GET", "/desk/reports/{report}/fragment"),
    ("GET", "/desk/reports/{report}/report.html"),
    ("GET", "/desk/reports/{report}/report.pdf"),
    ("GET", "/desk/reports/{report}/passages/{passage}/evidence"),
    ("POST", "/desk/reports/{report}/passages/{passage}"),
    ("POST", "/desk/reports/{report}/passages/{passage}/after"),
    ("POST", "/desk/reports/{report}/passages/{passage}/deed"),
]


async def test_otto_sees_nothing_of_olgas(client: httpx.AsyncClient) -> None:
    office = await an_organiser()
    event = await a_bare_event(office)
    report = await drafted(office, event)
    passage = await first(report.id)
    await otto_signed_in(client)

    for method, path in PAGES:
        full = path.format(event=event.id, report=report.id, passage=passage.id)
        data = {"language": "en", "do": "up"} if method == "POST" else None
        seen = await client.request(method, full, data=data)
        assert seen.status_code == 404, path
    assert await AuditEntry.filter(action__startswith="passage.").count() == 0


async def test_what_does_not_exist_is_not_found(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    for method, path in PAGES:
        for name in (str(uuid4()), "nonsense"):
            full = path.format(event=name, report=name, passage=name)
            data = {"language": "en"} if method == "POST" else None
            seen = await client.request(method, full, data=data)
            assert seen.status_code == 404, path


async def test_a_reader_reads_and_changes_nothing(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    report = await drafted(olga, event)
    rita = await a_member(olga, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)

    shown = await client.get(f"/desk/reports/{report.id}")
    refused = await client.post(f"/desk/reports/{report.id}/hand-over")

    assert shown.status_code == 200
    assert (
        "<textarea" not in shown.text
        and "<form method" not in (shown.text.partition("<main")[2])
    )
    assert refused.status_code == 403
