"""Why an event is called off, in each language."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from werkraum_events.wishes import Reason
from werkraum_foundation.models import Texts
from werkraum_server.desk.text_fields import texts_of, with_texts


class CancelFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @property
    def reason(self) -> Texts:
        return texts_of(self, "reason")


@cache
def cancel_model() -> type[CancelFields]:
    return with_texts(CancelFields, {"reason": Reason})
