"""The forms about organisations and consents, filled in well."""

from uuid import UUID

from tests.bad_inputs.forms import LARGE, Office, Sheet
from tests.bad_inputs.inputs import Kind

from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_registration import links, organisations
from werkraum_registration.models import ConsentWish

TEXT = {"de": "Fotos sind in Ordnung.", "en": "Photos are fine."}


async def a_town(organiser: Organiser) -> UUID:
    """Find or write down an organisation; the second time nothing changes."""
    return await organisations.typed(organiser.id, "Stadt Kleve", now=clock.now())


async def consent_and_towns(office: Office) -> Office:
    """Add what these forms are about to the office."""
    await ConsentWish.create(event=office.event, purpose="photo", text=TEXT)
    await a_town(office.organiser)
    await organisations.typed(office.organiser.id, "Stadt Cleve", now=clock.now())
    return office


FIELDS: dict[str, str | list[str]] = {
    "name": "Stadt <Goch>",
    "kind": "municipality",
    "size": "small",
    "region": "Niederrhein & mehr",
    "partner_towns": "Meierijstad\r\nRedon",
    "suggested": "on",
}
KINDS = {
    **dict.fromkeys(("name", "region"), Kind.LINE),
    **dict.fromkeys(("kind", "size"), Kind.CHOICE),
    "partner_towns": Kind.PARAGRAPHS,
    "suggested": Kind.FLAG,
}


async def organisation_forms(office: Office) -> list[Sheet]:
    town = str(await a_town(office.organiser))
    return [
        Sheet(
            name,
            f"/desk/organisations/{step}",
            FIELDS,
            KINDS,
            required=frozenset({"name"}),
        )
        for name, step in (("new organisation", "new"), ("organisation", town))
    ] + [
        Sheet(
            "many organisations",
            "/desk/organisations/import",
            {"names": "Goch\r\nKleve <am Rhein>", "kind": "school", "size": "large"},
            {"names": Kind.PARAGRAPHS, "kind": Kind.CHOICE, "size": Kind.CHOICE},
            required=frozenset({"names"}),
            largest=LARGE,
        ),
        Sheet(
            "merge",
            "/desk/organisations/merge",
            {"id": [town, town], "kept": town},
            {"id": Kind.CHOICE, "kept": Kind.CHOICE},
            required=frozenset({"id", "kept"}),
            bare=True,
        ),
        *(
            Sheet(
                step,
                f"/desk/organisations/{step}",
                {"id": [town], "set_kind": "school", "set_size": "small"},
                {"set_kind": Kind.CHOICE, "set_size": Kind.CHOICE},
                bare=True,
            )
            for step in ("suggest", "classify")
        ),
    ]


def consent_forms(office: Office) -> list[Sheet]:
    path = f"/desk/events/{office.event.id}/consents"
    texts = {"text_de": "Ich fahre <gern> mit.", "text_en": "I would share a car."}
    kinds = dict.fromkeys(texts, Kind.PARAGRAPHS)
    token = links.personal_token(office.registration)
    return [
        Sheet(
            "own consent",
            path,
            texts | {"name": "Fahrgemeinschaft"},
            kinds | {"name": Kind.LINE},
            required=frozenset({"name", "text"}),
        ),
        Sheet("consent", f"{path}/quote", texts, kinds, required=frozenset({"text"})),
        Sheet(
            "agree",
            f"/{{lang}}/my/{token}/consents/photo/give",
            {"entry": "photo"},
            {"entry": Kind.LINE},
            required=frozenset({"entry"}),
            bare=True,
        ),
    ]
