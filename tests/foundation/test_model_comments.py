"""A process does not read its own source to make the models."""

import inspect

from tortoise import Tortoise, models

from werkraum_foundation.models import Organiser


async def test_no_model_is_read_as_text(database: str) -> None:
    assert models._get_comments(Organiser) == {}


async def test_no_model_says_anything_there_that_would_be_lost(database: str) -> None:
    for model in Tortoise.apps["werkraum"].values():
        assert "#:" not in inspect.getsource(model)
