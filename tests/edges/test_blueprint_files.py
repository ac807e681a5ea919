"""The blueprints as files: what the editor shows of them, and what they may do at all."""

import json
from pathlib import Path
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.components.blueprint.errors import MissingInput
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import selector
from homeassistant.util import yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.clip_consent import condition, trigger
from custom_components.clip_consent.const import DOMAIN
from tests.interfaces import ROOT, example

from .blueprinted import FILES, actions_in, automate, blueprint, named, parts
from .test_guide import GUIDE

__all__ = ["automate"]  # a fixture, used by name

MANIFEST: Final = json.loads(
    (ROOT / "custom_components" / DOMAIN / "manifest.json").read_text("utf-8")
)
HACS: Final = json.loads((ROOT / "hacs.json").read_text("utf-8"))
WHERE: Final = f"{MANIFEST['documentation']}/blob/main/blueprints/automation/{DOMAIN}"
LINK: Final = re.compile(
    r"https://my\.home-assistant\.io/redirect/blueprint_import/\?[^)\s]+"
)
# What an automation of a blueprint may do: look, and tell. Nothing that decides.
ALLOWED: Final = {
    *(f"{DOMAIN}.get_requests", "notify.send_message", "tts.speak"),
    *("light.turn_on", "light.turn_off"),
    *("scene.create", "scene.turn_on", "scene.delete"),
}

each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_every_blueprint_is_run() -> None:
    """Each file of the folder has tests of its name, beside those of this page."""
    assert len(FILES) == 4
    here = Path(__file__).parent
    tests = [
        (here / name).read_text("utf-8")
        for name in ("test_blueprints.py", "test_blueprint_reminders.py")
    ]
    for file in FILES:
        assert any(f"\nasync def test_{file.stem}_" in test for test in tests)
        assert any(f'"{file.stem}"' in test for test in tests)


@each
def test_it_says_what_it_is(file: Path) -> None:
    """Name, description and address are there, and it runs on the version we need."""
    made = blueprint(file)
    about = made.metadata
    assert about["name"].startswith("Clip Consent: ")
    assert about["description"].endswith(".")
    assert len(about["description"]) > 60
    assert about["source_url"] == f"{WHERE}/{file.name}"
    assert about["homeassistant"] == {"min_version": HACS["homeassistant"]}
    assert made.validate() is None


@each
def test_inputs_are_used_described_and_of_a_kind(file: Path) -> None:
    """Each has a name, a description, a selector that takes its default, and a use."""
    made = blueprint(file)
    body = {key: value for key, value in made.data.items() if key != "blueprint"}
    assert yaml_util.extract_inputs(body) == set(made.inputs)
    for field in made.inputs.values():
        assert field["name"]
        assert field["description"].endswith(".")
        if "default" in field:
            selector(field["selector"])(field["default"])


@each
def test_entities_are_chosen_among_those_that_fit(file: Path) -> None:
    """No list of all entities: a kind is named, and of sensors only ours are shown."""
    for field in blueprint(file).inputs.values():
        if choose := field["selector"].get("entity"):
            [fits] = choose["filter"]
            [domain] = fits["domain"]
            assert domain in {"light", "media_player", "notify", "sensor", "tts"}
            assert fits.get("integration") == (DOMAIN if domain == "sensor" else None)


@each
def test_no_entity_is_taken_for_granted(file: Path) -> None:
    """Ids are made in the language of the home: one of ours would be there in English only."""
    assert f".{DOMAIN}_" not in file.read_text("utf-8")


@each
def test_it_decides_nothing(file: Path) -> None:
    """Its actions look and tell; what they are is not left to an input or a template."""
    made = blueprint(file)
    calls = set(actions_in(made.data["actions"]))
    assert calls
    assert calls <= ALLOWED
    called = [
        part["action"] for part in parts(made.data["actions"]) if "action" in part
    ]
    assert all(isinstance(action, str) for action in called)
    text = file.read_text("utf-8")
    for word in ("service:", "event:", "approve", "decline", "undo", "revoke"):
        assert word not in text


@each
def test_it_uses_triggers_and_conditions_that_exist(file: Path) -> None:
    """Ours are called what they are called in the editor."""
    data = blueprint(file).data
    for key, plain, ours in (
        ("trigger", {"time", "time_pattern"}, trigger.TRIGGERS),
        ("condition", {"time", "template"}, condition.CONDITIONS),
    ):
        known = {f"{DOMAIN}.{name}" for name in ours}
        assert named(data, key) <= plain | known


@each
def test_it_reads_no_word_of_a_requester(file: Path) -> None:
    """G8: of a case its end alone; of a trigger what is ours or the owner's."""
    text = file.read_text("utf-8")
    assert set(re.findall(r"request\.(\w+)", text)) <= {"expires_at"}
    payload = set(re.findall(r"trigger\.(\w+)", text))
    assert payload <= set(example("trigger_payload"))
    theirs = set(example("case")["request"]) & {
        "name",
        "text",
        "contact",
        "case_number",
    }
    assert len(theirs) == 4
    templates = " ".join(re.findall(r"\{\{.*?\}\}", text, re.DOTALL))
    for word in theirs:
        assert not re.search(rf"\b{word}\b", templates)


@each
async def test_it_needs_what_has_no_default_and_no_more(
    hass: HomeAssistant, entry: MockConfigEntry, automate: Any, file: Path
) -> None:
    """An automation with the required inputs is valid; with one fewer it is refused."""
    inputs = blueprint(file).inputs
    required = {
        name: f"{field['selector']['entity']['filter'][0]['domain'][0]}.one"
        for name, field in inputs.items()
        if "default" not in field
    }
    assert required
    await automate(file.stem, **required)
    for name in required:
        fewer = {key: value for key, value in required.items() if key != name}
        use = {"path": f"{DOMAIN}/{file.name}", "input": fewer}
        with pytest.raises(MissingInput, match=rf"Missing input {name}$"):
            await async_validate_config_item(
                hass, "fewer", {"alias": "fewer", "use_blueprint": use}
            )


def test_the_guide_links_them_all() -> None:
    """One link for each, to where the blueprint says that it comes from."""
    linked = [parse_qs(urlsplit(link).query) for link in LINK.findall(GUIDE)]
    sources = [blueprint(file).metadata["source_url"] for file in FILES]
    assert sorted(linked, key=str) == [{"blueprint_url": [url]} for url in sources]


@each
async def test_it_can_be_imported(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, file: Path
) -> None:
    """What Home Assistant fetches for that link is this blueprint, as it is here."""
    source = blueprint(file).metadata["source_url"]
    raw = source.replace("github.com", "raw.githubusercontent.com")
    aioclient_mock.get(raw.replace("/blob/", "/"), text=file.read_text("utf-8"))
    imported = await fetch_blueprint_from_url(hass, source)
    assert imported.suggested_filename.endswith(f"/{file.stem}")
    assert imported.raw_data == file.read_text("utf-8")
    assert imported.blueprint.data == blueprint(file).data
