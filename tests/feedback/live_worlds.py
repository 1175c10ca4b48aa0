"""A live round played in any order, with all that anybody sees of it after each deed.

What each voice says can be exchanged, so that a second world differs from the first
in nothing else.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from tests.feedback.conftest import ACTOR
from tests.feedback.pulses import a_pulse, a_voice, ends, on, reveals

from werkraum_feedback.asking import queries
from werkraum_feedback.coding import statements
from werkraum_feedback.live_rounds import live, live_cards, live_keys, live_voices
from werkraum_feedback.live_rounds.live_glance import glance_at
from werkraum_feedback.models import Channel, QuestionRow, Round
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import Statement, StatementState
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.refusals import Refused

KINDS = (
    QuestionKind.CHOICE,
    QuestionKind.TEXT,
    QuestionKind.NUMBER,
    QuestionKind.STATEMENT,
)
SAID: Mapping[QuestionKind, Sequence[int | str]] = {
    QuestionKind.SCALE: (1, 2, 4, 5),
    QuestionKind.CHOICE: ("one", "two"),
    QuestionKind.TEXT: ("Zeit und Geld", "Mut", "Zeit", "Geld für Räume", "Ruhe"),
    QuestionKind.NUMBER: (3, 30, 300),
}
SAY, TYPE_IN, ASK, REVEAL, CARD, DECIDE, VOTE, PAUSE, AGAIN = range(9)
Deed = tuple[int, int, int]
"""What is done, and two numbers that say of whom and how many."""

# What chance gives: ids, keys, hashes, codes; and the time of day.
BY_CHANCE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{22,}|\b\d{3} ?\d{3}\b|\d\d:\d\d"
)
MARK = re.compile(r'"page":"([0-9a-f]{12})"|data-page="([0-9a-f]{12})"|id: (\w{12})')


@dataclass
class Voices:
    """The voices a question took, by number, in the order of speaking."""

    own: list[int] = field(default_factory=list)
    typed_in: int = 0
    # Who voted, while which cards stood on the wall.
    votes: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    @property
    def deciding(self) -> int:
        """How many are left for somebody who knows those that were typed in."""
        return len(self.own) or self.typed_in


@dataclass(frozen=True)
class Moment:
    """What is seen between two deeds, while a question is on."""

    on: QuestionRow | None
    pages: Mapping[str, str]


class World:
    """A pulse, what its voices say, and what has been seen of it."""

    def __init__(
        self, browser: httpx.AsyncClient, pulse: Round, said: Mapping[int, int | str]
    ) -> None:
        self.browser, self.pulse = browser, pulse
        self.exchanged, self.said = said, dict[int, int | str]()
        self.rows: list[QuestionRow] = []
        self.on: QuestionRow | None = None
        self.voices: dict[UUID, Voices] = defaultdict(Voices)
        self.last_key = ""
        self.marks: dict[str, str] = {}
        self.seen: list[Moment] = []
        self.closed: dict[str, str] = {}

    async def play(self, deeds: Sequence[Deed]) -> None:
        """Do one after the other; what is refused is seen to be as it was."""
        self.rows = await queries.question_rows_of(self.pulse.id)
        self.on = self.rows[0]
        await self._look()
        for deed in deeds:
            try:
                await self._do(*deed)
            except Refused:
                pass
            await self._look()
        await ends(self.pulse, clock.now())
        await statements.gather(
            self.pulse.organiser_id, self.pulse.id, actor=ACTOR, now=clock.now()
        )
        await self._look_afterwards()

    async def _do(self, deed: int, one: int, other: int) -> None:
        now = clock.now()
        if deed == ASK:
            self.on = await on(self.pulse, one % len(self.rows), now)
        elif deed == PAUSE:
            self.on = None
            await live.ask(
                self.pulse.organiser_id, self.pulse.id, None, actor=ACTOR, now=now
            )
        elif self.on is None:
            return
        elif deed == REVEAL:
            await reveals(self.pulse, self.on, now)
        elif self.on.kind is QuestionKind.STATEMENT:
            await self._do_with_cards(deed, one, other)
        elif deed == TYPE_IN:
            await self._type_in(self.on, one + 1, other)
        else:
            for turn in range(1 if deed == AGAIN else one + 1):
                await self._say(self.on, other * turn, again=deed == AGAIN)

    async def _say(self, row: QuestionRow, choice: int, *, again: bool) -> None:
        number = len(self.said)
        usual = SAID[row.kind][choice % len(SAID[row.kind])]
        self.said[number] = self.exchanged.get(number, usual)
        if not again or not self.last_key:
            self.last_key = live_keys.device_key(self.pulse.id)
        voice = a_voice(row, self.said[number])
        if await live_voices.cast(
            self.pulse.id, voice, key=self.last_key, now=clock.now()
        ):
            self.voices[row.id].own.append(number)

    async def _type_in(self, row: QuestionRow, count: int, choice: int) -> None:
        said = SAID[row.kind][choice % len(SAID[row.kind])]
        channel = Channel.PAPER if choice % 2 else Channel.MODERATOR
        await live_voices.enter(
            self.pulse.organiser_id,
            self.pulse.id,
            a_voice(row, said),
            channel,
            count=count,
            actor=ACTOR,
            now=clock.now(),
        )
        self.voices[row.id].typed_in += count

    async def _do_with_cards(self, deed: int, one: int, other: int) -> None:
        assert self.on
        cards = await Statement.filter(round_id=self.pulse.id).order_by("text")
        if deed == DECIDE and cards:
            await live_cards.decide(
                self.pulse.organiser_id,
                self.pulse.id,
                cards[one % len(cards)].id,
                StatementState.HIDDEN if other % 3 == 0 else StatementState.SHOWN,
                actor=ACTOR,
                now=clock.now(),
            )
        elif deed == VOTE:
            shown = {it.text: it for it in cards if it.state is StatementState.SHOWN}
            for turn in range(one + 1 if shown else 0):
                await self._vote(shown, other * turn)
        else:
            voice = a_voice(self.on, f"Card {len(cards)}")
            key = live_keys.device_key(self.pulse.id)
            await live_voices.cast(self.pulse.id, voice, key=key, now=clock.now())

    async def _vote(self, shown: Mapping[str, Statement], choice: int) -> None:
        assert self.on
        number, texts = len(self.said), tuple(shown)
        self.said[number] = self.exchanged.get(number, texts[choice % len(texts)])
        card = shown[str(self.said[number])]
        key = live_keys.device_key(self.pulse.id)
        await live_cards.vote(self.pulse.id, card.id, key=key, now=clock.now())
        self.voices[self.on.id].votes.append((number, texts))

    async def _look(self) -> None:
        """Take down everything that anybody sees at this moment."""
        desk = f"/desk/rounds/{self.pulse.id}"
        glance = await glance_at(self.pulse.id)
        pages = {
            "phone": await self._page(f"/en/live/{self.pulse.live_code}"),
            "wall": await self._page(f"{desk}/live/screen"),
            "moderator": await self._page(f"{desk}/live"),
            "stream": glance.for_all.decode(),
            "stream of the desk": glance.for_desk.decode(),
        }
        self.seen.append(Moment(self.on, pages))

    async def _look_afterwards(self) -> None:
        desk = f"/desk/rounds/{self.pulse.id}"
        event = f"/desk/events/{self.pulse.event_id}"
        pages = {name: f"{desk}/{name}" for name in ("live", "results")}
        pages |= {name: f"{desk}/answers.{name}" for name in ("csv", "jsonl")}
        pages |= {f"texts {it.code}": f"{desk}/results/{it.code}" for it in self.rows}
        pages["ledger"] = f"{event}/feedback/statements"
        self.closed = {name: await self._page(path) for name, path in pages.items()}

    async def _page(self, path: str) -> str:
        return (await self.browser.get(path)).text

    def told(self) -> Counter[tuple[int, str, str]]:
        """Gather each line that was seen, when and where.

        Without what chance gives, and without the order in a page, which it gives too.
        """
        moments = [*(it.pages for it in self.seen), self.closed]
        return Counter(
            (number, name, line.strip())
            for number, pages in enumerate(moments)
            for name, text in pages.items()
            for line in self._plain(text).splitlines()
        )

    def _plain(self, text: str) -> str:
        """Write for each mark of a page how many others there were before it."""
        for found in MARK.finditer(text):
            mark = next(it for it in found.groups() if it)
            self.marks.setdefault(mark, f"mark {len(self.marks)}")
            text = text.replace(mark, self.marks[mark])
        return BY_CHANCE.sub("…", text)


def exchanged(world: World, turn: int) -> dict[int, int | str]:
    """Say something else with the same sums.

    Of a question with enough voices everybody gets what somebody else has said; of
    one with fewer, anything may be said. So it is with votes, as far as the same
    cards could be voted for.
    """
    said: dict[int, int | str] = {}
    for row in world.rows:
        found = world.voices[row.id]
        said |= _exchanged(world, found.own, SAID.get(row.kind, ()), turn)
        of_cards: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, cards in found.votes:
            of_cards[cards].append(number)
        for cards, numbers in of_cards.items():
            few = len(found.votes) < 5
            said |= _exchanged(world, numbers, cards if few else (), turn, few=few)
    return said


def _exchanged(
    world: World,
    numbers: Sequence[int],
    anything: Sequence[int | str],
    turn: int,
    *,
    few: bool | None = None,
) -> dict[int, int | str]:
    if few or (few is None and len(numbers) < 5):
        places = [anything.index(world.said[it]) + turn for it in numbers]
        others = [anything[it % len(anything)] for it in places]
    else:
        others = [world.said[it] for it in numbers]
        others = others[turn:] + others[:turn]
    return dict(zip(numbers, others, strict=True))


async def a_world(
    browser: httpx.AsyncClient,
    organiser: Organiser,
    deeds: Sequence[Deed],
    said: Mapping[int, int | str] | None = None,
) -> World:
    """Play a live round of each kind of question to its end."""
    pulse = await a_pulse(organiser, clock.now(), *KINDS)
    world = World(browser, pulse, said or {})
    await world.play(deeds)
    return world
