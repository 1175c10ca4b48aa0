"""The shape of a merge patch (RFC 7396): every field may be left out, or be null."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, create_model


def patch_of(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Describe a merge patch for bodies of this model, objects inside as well.

    For the description alone: what a patch makes of a body is checked as a body.
    """
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {}
    for each, info in model.model_fields.items():
        inner = _model_in(info.annotation)
        kind: Any = info.rebuild_annotation()
        if inner:
            kind = patch_of(inner, f"{name}{each.capitalize()}")
        fields[each] = (kind | None, None)
    made: type[BaseModel] = create_model(
        name,
        __config__=ConfigDict(extra="forbid"),
        __doc__="What is named is replaced, null takes it away, the rest stays.",
        **fields,
    )
    return made


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Find the object a field holds, whether it may be missing or not."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None
