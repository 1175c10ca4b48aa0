"""The forms of tables, filled in well."""

from tests.bad_inputs.forms import Office, Sheet
from tests.bad_inputs.inputs import Kind

from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_rooms.models import BreakoutTable, Room
from werkraum_rooms.tables import tables
from werkraum_rooms.tables.table_rules import TableWish
from werkraum_server.desk.tables import LARGEST, MOST_BOXES


async def table_of(office: Office) -> Office:
    """Set up the table these forms are about."""
    wish = TableWish({"en": "Youth"}, 5)
    event = office.event
    await tables.add(
        event.organiser_id, event.id, [wish], actor=SYSTEM, now=clock.now()
    )
    return office


async def table_forms(office: Office) -> list[Sheet]:
    table = await BreakoutTable.get()
    base = f"/desk/events/{office.event.id}/tables"
    return [
        Sheet(
            "new tables",
            base,
            {"titles": "Jugend\r\nFörder <mittel>", "seats": "6", "lang": "de"},
            {
                "titles": Kind.PARAGRAPHS,
                "seats": Kind.NUMBER,
                "lang": Kind.CHOICE,
            },
            required=frozenset({"titles", "lang"}),
        ),
        Sheet(
            "when at tables",
            f"{base}/plan",
            {
                "chosen": "on",
                "starts_at": "2027-03-04T14:30",
                "ends_at": "2027-03-04T15:00",
            },
            {
                "chosen": Kind.FLAG,
                "starts_at": Kind.MOMENT,
                "ends_at": Kind.MOMENT,
            },
        ),
        Sheet(
            "edit table",
            f"{base}/one/{table.id}",
            {"title_de": "Jugend <heute>", "title_en": "", "seats": "4"},
            {"title_de": Kind.LINE, "title_en": Kind.LINE, "seats": Kind.NUMBER},
            required=frozenset({"title"}),
        ),
        Sheet(
            "move table",
            f"{base}/one/{table.id}/move",
            {"up": "on"},
            {"up": Kind.FLAG},
            bare=True,
        ),
        Sheet(
            "remove table",
            f"{base}/one/{table.id}/remove",
            {"sure": "on"},
            {"sure": Kind.FLAG},
            bare=True,
        ),
        Sheet(
            "place people",
            f"{base}/place",
            {"people": [str(office.registration.id)], "table": str(table.id)},
            # A table that is not there is not found.
            {"people": Kind.CHOICE},
            required=frozenset({"people"}),
            largest=LARGEST,
            # The boxes stand beside the people, outside of the form.
            bare=True,
            most_fields=MOST_BOXES,
        ),
        *await room_forms(office),
    ]


async def room_forms(office: Office) -> list[Sheet]:
    """The forms of a room: that of the table."""
    room = await Room.get(table_id__isnull=False)
    base = f"/desk/events/{office.event.id}/rooms/{room.id}"
    return [
        Sheet(
            "set up room",
            f"{base}/options",
            {
                "lead_minutes": "30",
                "grace_minutes": "45",
                "lobby": "on",
                "recorded": "on",
                "may_chat": "on",
                "may_share": "on",
                "may_poll": "on",
                "most_people": "40",
            },
            {
                "lead_minutes": Kind.NUMBER,
                "grace_minutes": Kind.NUMBER,
                "lobby": Kind.FLAG,
                "recorded": Kind.FLAG,
                "may_chat": Kind.FLAG,
                "may_share": Kind.FLAG,
                "may_poll": Kind.FLAG,
                "most_people": Kind.NUMBER,
            },
            required=frozenset({"lead_minutes", "grace_minutes"}),
        ),
        Sheet(
            "end room", f"{base}/end", {"sure": "on"}, {"sure": Kind.FLAG}, bare=True
        ),
    ]
