"""Fill in Home Assistant's own forms: config flows, options and subentries."""

from dataclasses import dataclass
from typing import Any, Final

from .client import HomeAssistantClient, JsonObject

_ENTRIES: Final = "/api/config/config_entries"


class FlowError(Exception):
    """A form that did not go the way it was meant to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a flow shows now: a form, a menu, or its end."""

    flow_id: str
    type: str
    step_id: str | None
    fields: dict[str, JsonObject]
    errors: dict[str, str]
    result: JsonObject

    @property
    def defaults(self) -> dict[str, Any]:
        """What the form holds before anybody types: defaults and suggestions."""
        filled: dict[str, Any] = {}
        for name, field in self.fields.items():
            suggested = (field.get("description") or {}).get("suggested_value")
            if suggested is not None:
                filled[name] = suggested
            elif "default" in field:
                filled[name] = field["default"]
        return filled

    def options(self, field: str) -> dict[str, str]:
        """Return what a field lets one choose: labels by value."""
        config = self.fields[field]["selector"]["select"]
        return {option["value"]: option["label"] for option in config["options"]}


def _step(answer: JsonObject) -> Step:
    return Step(
        flow_id=answer["flow_id"],
        type=answer["type"],
        step_id=answer.get("step_id"),
        fields={field["name"]: field for field in answer.get("data_schema") or []},
        errors=answer.get("errors") or {},
        result=answer,
    )


class Flow:
    """One flow from its first form to its end."""

    def __init__(self, client: HomeAssistantClient, path: str, step: Step) -> None:
        """Stand at the first form; use the class methods to start."""
        self._client = client
        self._path = path
        self.step = step

    @classmethod
    async def _start(
        cls, client: HomeAssistantClient, path: str, body: JsonObject
    ) -> Flow:
        return cls(client, path, _step(await client.call("POST", path, body)))

    @classmethod
    async def config(cls, client: HomeAssistantClient, domain: str) -> Flow:
        """Start setting up an integration."""
        return await cls._start(client, f"{_ENTRIES}/flow", {"handler": domain})

    @classmethod
    async def reconfigure(
        cls, client: HomeAssistantClient, domain: str, entry_id: str
    ) -> Flow:
        """Start changing an integration's set-up."""
        body = {"handler": domain, "entry_id": entry_id}
        return await cls._start(client, f"{_ENTRIES}/flow", body)

    @classmethod
    async def options(cls, client: HomeAssistantClient, entry_id: str) -> Flow:
        """Start changing an entry's options."""
        body = {"handler": entry_id}
        return await cls._start(client, f"{_ENTRIES}/options/flow", body)

    @classmethod
    async def subentry(
        cls,
        client: HomeAssistantClient,
        entry_id: str,
        kind: str,
        subentry_id: str | None = None,
    ) -> Flow:
        """Start adding a subentry, or changing the one that is named."""
        body: JsonObject = {"handler": [entry_id, kind]}
        if subentry_id is not None:
            body["subentry_id"] = subentry_id
        return await cls._start(client, f"{_ENTRIES}/subentries/flow", body)

    async def send(self, values: dict[str, Any]) -> Step:
        """Send exactly this; what comes next may be the same form, with errors."""
        path = f"{self._path}/{self.step.flow_id}"
        self.step = _step(await self._client.call("POST", path, values))
        return self.step

    async def fill(self, **values: Any) -> Step:
        """Send the form as it stands, with these fields changed."""
        return await self.send({**self.step.defaults, **values})

    async def choose(self, option: str) -> Step:
        """Take one way of a menu."""
        return await self.send({"next_step_id": option})

    def finished(self) -> JsonObject:
        """Return the flow's result. Raise FlowError unless it made an entry."""
        if self.step.type == "create_entry":
            return self.step.result
        reason = self.step.result.get("reason")
        if self.step.type == "abort" and str(reason).endswith("_successful"):
            return self.step.result
        raise FlowError(
            f"{self._path}: {self.step.type} {self.step.step_id} "
            f"{reason or ''} {self.step.errors or ''}"
        )
