"""The description of the API: OpenAPI 3.1, made from the endpoints themselves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from werkraum_foundation.access import DeclaredRoute, Endpoint
from werkraum_server.api.schemas import Problem

E = TypeVar("E", bound=Endpoint)
REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True)
class Description:
    """What one endpoint takes and gives."""

    summary: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    status: int = 200
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    kind: str = "application/json"


_described: dict[str, Description] = {}


def described(
    summary: str,
    *,
    answer: type[BaseModel],
    body: type[BaseModel] | None = None,
    status: int = 200,
    query: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    kind: str = "application/json",
) -> Callable[[E], E]:
    """Say on the endpoint what it takes and gives; `name` of its route is the key.

    `kind` is that of the body.
    """

    def note(endpoint: E) -> E:
        name = endpoint.__name__
        _described[f"api:{name}"] = Description(
            summary, answer, body, status, query, headers, kind
        )
        return endpoint

    return note


# Any: an OpenAPI document is a tree of dicts.
def document_of(routes: Iterable[DeclaredRoute], server: str) -> dict[str, Any]:
    """Build the document of these routes, each of which is described."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Werkraum",
            "version": "1",
            "description": "Events and registrations for programs of an organiser.",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": _paths(routes),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _paths(routes: Iterable[DeclaredRoute]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for each in routes:
        method = next(iter((each.methods or set()) - {"HEAD"})).lower()
        paths.setdefault(each.path, {})[method] = _operation(each)
    return paths


def _operation(each: DeclaredRoute) -> dict[str, Any]:
    said = _described[each.name]
    operation: dict[str, Any] = {
        "operationId": each.name.removeprefix("api:"),
        "summary": said.summary,
        "parameters": [*_parameters(each, said)],
        "responses": {
            str(said.status): _response(said.answer, "application/json", "Done"),
            "default": _response(Problem, "application/problem+json", "Refused"),
        },
    }
    if said.body:
        operation["requestBody"] = {
            "required": True,
            "content": {said.kind: {"schema": _reference(said.body)}},
        }
    return operation


def _parameters(each: DeclaredRoute, said: Description) -> Iterable[dict[str, Any]]:
    for name in each.param_convertors:
        yield _parameter(name, "path", required=True)
    for name in said.query:
        yield _parameter(name, "query", required=False)
    for name in said.headers:
        yield _parameter(name, "header", required=True)


def _parameter(name: str, place: str, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": place, "required": required, "schema": schema}


def _response(model: type[BaseModel], kind: str, words: str) -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": _reference(model)}}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    bodies = {it.body for it in _described.values() if it.body}
    answers = {it.answer for it in _described.values()} | {Problem}
    _, schemas = models_json_schema(
        [
            *((model, "validation") for model in sorted(bodies, key=str)),
            *((model, "serialization") for model in sorted(answers, key=str)),
        ],
        ref_template=REFERENCE,
    )
    found: dict[str, Any] = schemas["$defs"]
    return found
