from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from tests.events.statements import counted
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import a_member, an_event, olga_signed_in, otto_signed_in, signed_in

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.coding.theme_figures import trend_of
from werkraum_feedback.statement_models import (
    Coding,
    Statement,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser, Role
from werkraum_registration.models import OrganisationKind, OrganisationSize

CLUBS = GroupOf(OrganisationKind.ASSOCIATION)
TOWNS = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.SMALL)
FEW = GroupOf(OrganisationKind.SCHOOL)


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser) -> Event:
    return await an_event(olga)


@pytest.fixture
def themes(event: Event) -> str:
    return f"/desk/events/{event.id}/feedback/themes"


async def spoken(
    event: Event, theme: Theme, group: GroupOf, people: int, about: int
) -> list[Statement]:
    made = [await said(event, f"Satz {n}", group=group) for n in range(people)]
    for statement in made[:about]:
        await marked(statement, theme)
    return made


def row(page: str, theme: str) -> str:
    """The row of a theme in the first table."""
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    return next(it for it in rows if theme in it)


async def test_themes_say_how_many_kinds_share_them(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme = await a_theme(olga, "Jugend")
    await spoken(event, theme, CLUBS, 10, 7)
    await spoken(event, theme, TOWNS, 12, 4)

    shown = await client.get(themes)

    told = row(shown.text, "Jugend")
    assert "2 of 2 kinds" in told and ">11<" in told
    assert ">7<" in told and ">4<" in told


async def test_below_ten_people_no_number_is_told_of_a_kind(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme = await a_theme(olga, "Jugend")
    await spoken(event, theme, CLUBS, 10, 7)
    await spoken(event, theme, TOWNS, 9, 4)

    told = row((await client.get(themes)).text, "Jugend")

    assert ">7<" not in told and ">4<" not in told and told.count("spoken of") == 2


async def test_a_kind_of_few_is_named_nowhere(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme = await a_theme(olga, "Jugend")
    await spoken(event, theme, CLUBS, 10, 7)
    await spoken(event, theme, FEW, 2, 2)

    ledger = themes.replace("themes", "statements")
    for path in (themes, f"{themes}/{theme.id}", ledger):
        shown = await client.get(path)
        assert "School" not in shown.text
        # The next smallest is hidden, too, and there is no other.
        assert "Association</span>" not in shown.text


async def test_pairs_of_themes_are_counted(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    one, other = await a_theme(olga, "Jugend"), await a_theme(olga, "Geld")
    [statement] = await spoken(event, one, CLUBS, 1, 1)
    await marked(statement, other)

    shown = await client.get(themes)

    assert "Themes that go together" in shown.text


async def test_chosen_marks_are_moved_split_and_removed(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme, other = await a_theme(olga, "Sorgen"), await a_theme(olga, "Geld")
    await spoken(event, theme, CLUBS, 3, 3)
    ids = [str(it.id) for it in await Coding.all().order_by("id")]
    page = f"{themes}/{theme.id}"

    for typed in (
        {"coding": [ids[0]], "deed": "move", "into": str(other.id)},
        {"coding": [ids[1]], "deed": "split", "name": "Zeit"},
        {"coding": [ids[2]], "deed": "remove"},
    ):
        assert (await client.post(page, data=typed)).status_code == 303

    assert await Coding.filter(theme_id=other.id).count() == 1
    assert await Theme.filter(name={"en": "Zeit"}).count() == 1
    assert await Coding.filter(theme_id=theme.id).count() == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"deed": "remove"}, "Please choose at least one place first."),
        ({"deed": "move", "coding": "id"}, "Please choose the theme they go to."),
        ({"deed": "split", "coding": "id"}, "Please name the new theme."),
        ({"deed": "burn", "coding": "id"}, "Please choose one of the options"),
    ],
)
async def test_what_is_missing_for_many_is_said(
    client: httpx.AsyncClient,
    olga: Organiser,
    event: Event,
    themes: str,
    typed: dict[str, str],
    message: str,
) -> None:
    theme = await a_theme(olga, "Sorgen")
    await spoken(event, theme, CLUBS, 1, 1)
    [mark] = await Coding.all()
    if "coding" in typed:
        typed = {**typed, "coding": str(mark.id)}

    sent = await client.post(f"{themes}/{theme.id}", data=typed)

    assert sent.status_code == 422 and message in sent.text


async def test_agreement_wants_a_second_person(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    page = f"/desk/events/{event.id}/feedback/agreement"
    theme = await a_theme(olga, "Jugend")
    [one] = await spoken(event, theme, CLUBS, 1, 1)
    assert "A second person of your team" in (await client.get(page)).text
    await marked(one, theme, coder="person:anna")

    shown = await client.get(page)
    asked = await client.get(f"{page}?one=person:anna&other=person:anna")

    assert "have both read one statement" in shown.text
    assert "cannot be said" in shown.text and asked.status_code == 200


async def test_the_codebook_is_worded_ordered_and_merged(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    typed = {"name_de": "Jugend", "definition_de": "Wer nachkommt", "words": "jugend"}
    sent = await client.post("/desk/codebook/new", data=typed, follow_redirects=True)
    assert "Wer nachkommt" in sent.text and "Suggested by: jugend" in sent.text
    theme, other = await Theme.get(), await a_theme(olga, "Junge", position=9)

    page = f"/desk/codebook/{theme.id}"
    assert "Wer nachkommt" in (await client.get(page)).text
    await client.post(page, data={"name_en": "Youth", "words": "*jugend; young"})
    await client.post(f"{page}/step", data={"up": "false"})
    await client.post(f"{page}/retire")
    assert (await Theme.get(id=theme.id)).state is ThemeState.RETIRED
    await client.post(f"{page}/retire")
    sent = await client.post(
        f"/desk/codebook/{other.id}/merge",
        data={"into": str(theme.id)},
        follow_redirects=True,
    )

    assert "The themes are one now" in sent.text
    kept = await Theme.get(id=theme.id)
    assert (kept.name, kept.words) == ({"en": "Youth"}, ["*jugend", "young"])
    sent = await client.post("/desk/codebook/undo", follow_redirects=True)
    assert "Junge" in sent.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Please name the theme in at least one language."),
        ({"name_de": "x" * 81}, "Please use at most 80 characters."),
        ({"name_de": "J", "words": "zwei worte"}, "Please type single words"),
        ({"name_de": "J", "words": "*"}, "Please type single words"),
        ({"name_de": "J", "words": "*ab"}, "needs three letters at least"),
        ({"name_de": "J", "words": ",".join(f"wort{n}" for n in range(41))}, "most 40"),
        ({"name_de": "J", "colour": "13"}, "Please enter a whole number from 1 to 12"),
        ({"name_de": "J", "state": "merged"}, "does not belong here"),
    ],
)
async def test_a_theme_with_faults_comes_back(
    client: httpx.AsyncClient, olga: Organiser, typed: dict[str, str], message: str
) -> None:
    sent = await client.post("/desk/codebook/new", data=typed)

    assert sent.status_code == 422 and message in sent.text
    assert await Theme.all().count() == 0


async def test_a_codebook_goes_out_and_comes_in(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    theme = await a_theme(olga, "Jugend")
    file = await client.get("/desk/codebook.qdc")
    assert 'filename="codebook.qdc"' in file.headers["content-disposition"]
    await theme.delete()

    sent = await client.post(
        "/desk/codebook/import",
        files={"file": ("other.qdc", file.content)},
        follow_redirects=True,
    )

    assert "One theme is new." in sent.text
    assert (await Theme.get()).name == {"en": "Jugend"}


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<!DOCTYPE a><a/>", 422), (b"", 422), (b"x" * 600_000, 413)],
    ids=["a document type", "nothing", "too large"],
)
async def test_what_is_no_codebook_is_not_taken_in(
    client: httpx.AsyncClient, olga: Organiser, content: bytes, status: int
) -> None:
    sent = await client.post(
        "/desk/codebook/import", files={"file": ("a.qdc", content)}
    )
    assert sent.status_code == status
    assert await Theme.all().count() == 0


async def test_themes_are_followed_over_events(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    theme, now = await a_theme(olga, "Jugend"), clock.now()
    for days, people, about in ((1, 10, 5), (2, 6, 2), (3, 4, 4)):
        at = now + timedelta(days=days)
        event = await an_event(olga, title={"en": f"Day {days}"}, now=at)
        await spoken(event, theme, CLUBS, people, about)

    shown = await client.get("/desk/codebook/trend")

    told = row(shown.text, "Jugend")
    assert ["50%", "spoken of", ""] == [
        it.partition("</td>")[0] for it in told.split("<td>")[1:]
    ]


async def test_more_events_ask_the_database_no_more_often(olga: Organiser) -> None:
    theme, now = await a_theme(olga, "Jugend"), clock.now()
    taken = []
    for number in range(14):
        event = await an_event(olga, now=now + timedelta(days=number))
        await spoken(event, theme, CLUBS, 6, 3)
        hidden = await said(event, "Verborgen", state=StatementState.HIDDEN)
        await marked(hidden, theme)
        with counted() as asked:
            trend = await trend_of(olga.id)
        taken.append(len(asked))

    # Of fourteen events the last twelve, without what is hidden.
    told = [(it.people, it.statements, it.counts) for it in trend.columns]
    assert told == [(6, 6, {theme.id: 3})] * 12
    assert trend.columns[-1].event.id == event.id
    assert set(taken) == {5}


async def test_readers_look_and_change_nothing(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme = await a_theme(olga, "Jugend")
    await spoken(event, theme, CLUBS, 1, 1)
    await signed_in(client, await a_member(olga, "Rita", "r@n.example", Role.READER))

    book = "/desk/codebook"
    for path in (themes, f"{themes}/{theme.id}", book, f"{book}.qdc"):
        assert (await client.get(path)).status_code == 200
    for path in (f"{themes}/{theme.id}", "/desk/codebook/new", "/desk/codebook/undo"):
        assert (await client.post(path, data={})).status_code == 403
    assert "<button" not in (await client.get(book)).text.partition("<main")[2]


async def test_otto_sees_no_theme_of_olgas(
    client: httpx.AsyncClient, olga: Organiser, event: Event, themes: str
) -> None:
    theme = await a_theme(olga, "Geheimes Thema", words=["geheim"])
    await spoken(event, theme, CLUBS, 6, 6)
    [*marks] = await Coding.all()
    await otto_signed_in(client)
    page = f"/desk/codebook/{theme.id}"

    hidden = (themes, f"{themes}/{theme.id}", themes.replace("themes", "agreement"))
    for path in (*hidden, page):
        assert (await client.get(path)).status_code == 404
    for path in ("/desk/codebook", "/desk/codebook.qdc", "/desk/codebook/trend"):
        assert "Geheim" not in (await client.get(path)).text
    for path, typed in {
        f"{themes}/{theme.id}": {"coding": str(marks[0].id), "deed": "remove"},
        page: {"name_de": "Meins"},
        f"{page}/step": {"up": "true"},
        f"{page}/retire": {},
        f"{page}/merge": {"into": str(uuid4())},
    }.items():
        assert (await client.post(path, data=typed)).status_code == 404
    assert await Coding.all().count() == 6
