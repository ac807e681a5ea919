"""Everything that is shown is there in words, and no words are left over.

The steps of the forms are checked where they are shown, by every test of them.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.clip_consent.config_flow import ClipConsentConfigFlow
from custom_components.clip_consent.const import ENTRY_HOME, ENTRY_HUB, LANGUAGES, NAME
from custom_components.clip_consent.core.models import (
    CaseEventType,
    CaseState,
    RequesterKind,
    Trust,
    VerdictKind,
)
from custom_components.clip_consent.core.portal_items import NoticeAuthor
from custom_components.clip_consent.core.portal_known import ALARMS
from custom_components.clip_consent.core.reminders import REMINDERS
from custom_components.clip_consent.home import alarm
from custom_components.clip_consent.home.portals.hub_follower import OTHER_HUB
from custom_components.clip_consent.home.probing import NAMINGS

ENTRIES: Final = [MockConfigEntry(unique_id=kind) for kind in (ENTRY_HOME, ENTRY_HUB)]
ROOT: Final = Path(__file__).parent.parent
TREE: Final = ROOT / "custom_components" / "clip_consent"
ENGLISH: Final[dict[str, Any]] = json.loads(
    (TREE / "translations" / "en.json").read_text(encoding="utf-8")
)
ICONS: Final[dict[str, Any]] = json.loads(
    (TREE / "icons.json").read_text(encoding="utf-8")
)
SOURCES: Final = {
    path.relative_to(TREE).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(TREE.rglob("*.py"))
}
VOLUNTARY: Final = "Answering is always voluntary, and nobody can see a refusal."
# Whom one tap trusts, in the words of each language: a phone in hand, and a stolen login.
TRUSTED: Final = {
    "de": ("das Telefon entsperren", "Administrator-Token von {name}"),
    "en": ("can unlock the phone", "admin token of {name}"),
    "es": ("desbloquear el teléfono", "token de administración de {name}"),
    "fr": ("déverrouiller le téléphone", "jeton administrateur du compte {name}"),
    "nl": ("de telefoon kan ontgrendelen", "beheerderstoken van {name}"),
}

# Errors whose code is put together: how the code says it, and what it can be.
PUT_TOGETHER: Final = {
    "f'{field}_blank'": {"case_number_blank", "contact_blank", "name_blank"}
    | {"title_blank"},
    "f'{field}_missing'": {"end_missing", "start_missing", "text_missing"}
    | {"name_missing", "recipient_missing", "title_missing"},
    "f'{field}_too_long'": {"case_number_too_long", "contact_too_long"}
    | {"name_too_long", "recipient_too_long", "text_too_long", "title_too_long"},
    "f'rule_{field}_invalid'": {
        f"rule_{field}_invalid"
        for field in (
            *("audio", "cameras", "case_number", "confirm_in_app", "field", "footage"),
            *("area_max_km2", "distance_max_metres"),
            *("kinds", "max_seconds", "only_cameras", "order", "received", "trust"),
            *(
                "masked",
                "two_approvers",
                "verdict",
                "window_max_age_hours",
                "window_max_minutes",
                "words",
            ),
        )
    },
}
# A code that stands in a variable is spelled out elsewhere in the same file, or these.
CHARACTERS: Final = {
    *("bidi_character", "control_character", "invisible_character"),
    *("too_many_marks", "unknown_character"),
}
FOR_PROGRAMS: Final = {"DropRefusedError"}  # no person is ever told of these
NAMED_CODES: Final = frozenset({"_CODE", "_FEED", "_HEAD", "_INFO"})
type Codes = dict[str, set[str]]


def _strings(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(texts, str):
        yield path, texts
        return
    for key, inner in texts.items():
        yield from _strings(inner, f"{path}.{key}" if path else key)


STRINGS: Final = dict(_strings(ENGLISH))


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _families() -> dict[str, str]:
    """Return our error classes, each with the one it is a kind of."""
    classes = [
        (node.name, base.id)
        for text in SOURCES.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    found = {"ClipConsentError": "Exception"}
    while more := {one: base for one, base in classes if base in found} - found.keys():
        found |= {one: base for one, base in classes if one in more}
    return found


def _literals(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)+", part.value)
    }


def _raised() -> tuple[dict[str, set[str]], dict[str, set[str]], set[str]]:
    """Return codes with their classes and placeholders, and what is put together."""
    families = _families()
    kinds: Codes = defaultdict(set)
    given: Codes = defaultdict(set)
    together: set[str] = set()
    for text in SOURCES.values():
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in families.keys() - FOR_PROGRAMS or not node.args:
                continue
            spelled = ast.unparse(node.args[0])
            codes = PUT_TOGETHER.get(spelled) or _literals(node.args[0])
            if not codes:
                together.add(spelled)
            for code in codes:
                kinds[code].add(node.func.id)
                given[code] |= {key.arg for key in node.keywords if key.arg}
    return kinds, given, together


KINDS, GIVEN, TOGETHER = _raised()


@pytest.mark.parametrize("path", STRINGS)
def test_style(path: str) -> None:
    """Plain text, trimmed: no HTML, no addresses, no placeholders in single quotes."""
    text = STRINGS[path]
    assert text and text == text.strip()
    assert "  " not in text
    assert not re.search(r"</?[a-zA-Z][^>]*>", text)
    assert not re.search(r"https?://|www\.", text)
    assert not re.search(r"'\{\w+\}'", text)
    assert "[%key" not in text
    if path.rpartition(".")[2] in {"description", "message"}:
        assert text.endswith((".", "?", "`"))


def test_the_file_is_in_order() -> None:
    """Sorted keys: so that two people who add something seldom collide."""
    text = json.dumps(ENGLISH, ensure_ascii=False, indent=2, sort_keys=True)
    assert (TREE / "translations" / "en.json").read_text("utf-8") == f"{text}\n"


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"config.step.{step}"
            for step in ENGLISH["config"]["step"]
            if "link" not in step and step not in {"user", "hub"}
        ),
        "options.step.init",
        *(
            f"config_subentries.{kind}.step.{step}"
            for kind, steps in {
                "approver": ("user", "phones", "no_phone"),
                "rule": ("user", "reconfigure"),
                "invite": ("user", "reconfigure", "change"),
            }.items()
            for step in steps
        ),
    ],
)
def test_forms_that_decide_about_requests_say_it_is_voluntary(path: str) -> None:
    """No form makes anybody feel that an answer is owed.

    The forms of a camera, those without a rule or an invite in them, and bare links ask for
    paths and names only: said there as well, nobody would read it where it counts.
    """
    assert VOLUNTARY in STRINGS[f"{path}.description"]


def _one_tap_texts(texts: Mapping[str, Any]) -> Iterator[str]:
    """Return what each form says beside the field that switches one tap on.

    The first form has no field of its own for it: the phones ticked there get it.
    """
    for step in texts["config"]["step"].values():
        if "phones" in step.get("data", {}):
            yield step["data_description"]["phones"]
    for kind in texts["config_subentries"].values():
        for step in kind["step"].values():
            if "one_tap" in step.get("data", {}):
                yield step["data_description"]["one_tap"]


@pytest.mark.parametrize("language", TRUSTED)
def test_what_one_tap_trusts_is_said_where_it_is_switched_on(language: str) -> None:
    """Who can unlock the phone, and who holds the approver's own admin token."""
    path = TREE / "translations" / f"{language}.json"
    found = list(_one_tap_texts(json.loads(path.read_text(encoding="utf-8"))))
    assert len(found) == 3
    for text in found:
        for trusted in TRUSTED[language]:
            assert trusted in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_triggers_and_conditions_are_found_by_our_name(language: str) -> None:
    """The search of the automation editor reads names and descriptions alone."""
    path = TREE / "translations" / f"{language}.json"
    texts = json.loads(path.read_text(encoding="utf-8"))
    for kind in ("triggers", "conditions"):
        for name, words in texts[kind].items():
            assert words["description"].startswith(NAME), name


def _flows() -> Iterator[tuple[str, type, Mapping[str, Any]]]:
    flow = ClipConsentConfigFlow
    yield "config", flow, ENGLISH["config"]
    options = [type(flow.async_get_options_flow(entry)) for entry in ENTRIES]
    yield "options", type("Both", tuple(options), {}), ENGLISH["options"]
    for entry in ENTRIES:
        for name, kind in flow.async_get_supported_subentry_types(entry).items():
            yield name, kind, ENGLISH["config_subentries"][name]


@pytest.mark.parametrize(("flow", "texts"), [(f, t) for _, f, t in _flows()])
def test_flows_have_no_words_left_over(flow: type, texts: Mapping[str, Any]) -> None:
    """Every step is one that the flow has; every other key is spelled in the forms."""
    forms = (
        "".join(
            text
            for name, text in SOURCES.items()
            if name.startswith(
                (
                    *("config_flow", "options_hub", "subentry_", "form_fields"),
                    *("home/sources/", "home/frigate_probe", "home/portal_probe"),
                    "hub/storage_probe",
                )
            )
        )
        + SOURCES["core/rule_data.py"]
    )
    for step, said in texts["step"].items():
        assert hasattr(flow, f"async_step_{step}")
        parts = [said, *said.get("sections", {}).values()]
        keys = {*said.get("sections", {})}
        for part in parts:
            assert (
                part.get("data_description", {}).keys() <= part.get("data", {}).keys()
            )
            keys |= part.get("data", {}).keys() | part.get("menu_options", {}).keys()
        assert {key for key in keys if f'"{key}"' not in forms} == set()
    for code in texts.get("error", {}):
        assert f'"{code}"' in forms or code in PUT_TOGETHER["f'rule_{field}_invalid'"]
    for reason in texts.get("abort", {}):
        assert f'"{reason}"' in forms or reason == "already_configured"


def test_subentries_are_named() -> None:
    """What Home Assistant shows of each kind, before any form."""
    kinds = {
        kind
        for entry in ENTRIES
        for kind in ClipConsentConfigFlow.async_get_supported_subentry_types(entry)
    }
    assert ENGLISH["config_subentries"].keys() == kinds
    for said in ENGLISH["config_subentries"].values():
        assert said["entry_type"]
        assert said["initiate_flow"].keys() == {"user", "reconfigure"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("trust", Trust),
        ("requester_kind", RequesterKind),
        ("verdict", VerdictKind),
        ("case_state", CaseState),
        ("naming", NAMINGS),
        ("reminder", REMINDERS),
    ],
)
def test_selectors_follow_the_models(name: str, words: Any) -> None:
    """A new word of the project needs a sentence."""
    assert ENGLISH["selector"][name]["options"].keys() == set(words)


def test_no_selector_is_left_over() -> None:
    """Each is named in a form or in a description file."""
    descriptions = "".join(
        path.read_text(encoding="utf-8") for path in TREE.glob("*.yaml")
    )
    forms = "".join(SOURCES.values())
    for name in ENGLISH["selector"]:
        assert f'"{name}"' in forms or f"translation_key: {name}\n" in descriptions


def _described(name: str) -> dict[str, Any]:
    """Return a description file; names that begin with a dot are for itself only."""
    found = yaml.safe_load((TREE / f"{name}.yaml").read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if not key.startswith(".")}


@pytest.mark.parametrize("name", ["services", "triggers", "conditions"])
def test_descriptions(name: str) -> None:
    """Actions, triggers and conditions: names, fields, options and icons."""
    described = _described(name)
    assert ENGLISH[name].keys() == described.keys()
    assert ICONS[name].keys() == described.keys()
    for key, description in described.items():
        said = ENGLISH[name][key]
        assert said.keys() - {"fields"} == {"name", "description"}
        fields = (description or {}).get("fields", {})
        assert said.get("fields", {}).keys() == fields.keys()
        for field, settings in fields.items():
            assert said["fields"][field].keys() == {"name", "description"}
            select = settings["selector"].get("select")
            if select:
                words = ENGLISH["selector"][select["translation_key"]]["options"]
                assert words.keys() == set(select["options"])


def test_entities() -> None:
    """Each entity has a name, and an icon where its kind gives none."""
    assert {kind: set(names) for kind, names in ENGLISH["entity"].items()} == {
        "binary_sensor": {"waiting", "portal", "portal_direct"},
        "event": {"answers", "notices", "requests"},
        "sensor": {
            *("waiting", "last_shared", "shared_this_month"),
            *("to_moderate", "open_requests", "drop_use"),
        },
        "switch": {"accept_requests"},
    }
    for kind, names in ENGLISH["entity"].items():
        assert ICONS["entity"][kind].keys() == names.keys()
        for name, said in names.items():
            assert said["name"]
            assert f'"{name}"' in SOURCES[f"{kind}.py"]


def test_push_words() -> None:
    """Each is said somewhere, and each that is said is there."""
    said = {
        key.removeprefix("push_")
        for key in ENGLISH["common"]
        if key.startswith("push_")
    }
    source = "".join(
        text
        for name, text in SOURCES.items()
        if name.startswith(("home/prompt", "home/notice_push", "home/answer_push"))
    )
    months = {f"month_{number}" for number in range(1, 13)}
    assert months <= said
    assert {key for key in said - months if f'"{key}"' not in source} == set()
    spoken = set(re.findall(r'\bsay\(\s*"(\w+)"', source))
    assert spoken <= said


def test_event_attributes() -> None:
    """Every attribute of the event entity has a name, every type its words and icon."""
    page = (ROOT / "docs" / "interfaces.md").read_text(encoding="utf-8")
    example = re.search(
        r"<!-- example: event_attributes -->\n```json\n(.*?)```", page, re.DOTALL
    )
    assert example
    said = ENGLISH["entity"]["event"]["requests"]["state_attributes"]
    assert said.keys() == {"event_type", *json.loads(example[1])}
    types = set(CaseEventType)
    assert said["event_type"]["state"].keys() == types
    assert said["trust"]["state"].keys() == set(Trust)
    icons = ICONS["entity"]["event"]["requests"]["state_attributes"]
    assert icons["event_type"]["state"].keys() == types


def test_notice_attributes() -> None:
    """The same of the entities that tell of notices."""
    page = (ROOT / "docs" / "interfaces.md").read_text(encoding="utf-8")
    example = re.search(
        r"<!-- example: notice_attributes -->\n```json\n(.*?)```", page, re.DOTALL
    )
    assert example
    said = ENGLISH["entity"]["event"]["notices"]["state_attributes"]
    assert said.keys() == {"event_type", *json.loads(example[1])}
    assert said["author"]["state"].keys() == set(NoticeAuthor)
    assert said["event_type"]["state"].keys() == {"posted"}


def test_answer_attributes() -> None:
    """The same of the entity that tells of answers."""
    page = (ROOT / "docs" / "interfaces.md").read_text(encoding="utf-8")
    example = re.search(
        r"<!-- example: answer_attributes -->\n```json\n(.*?)```", page, re.DOTALL
    )
    assert example
    said = ENGLISH["entity"]["event"]["answers"]["state_attributes"]
    assert said.keys() == {"event_type", *json.loads(example[1])}
    assert said["event_type"]["state"].keys() == {"answered"}


def test_every_error_has_a_sentence() -> None:
    """No code is without, and no sentence is for a code that nothing raises."""
    sources = "".join(SOURCES.values())
    said = ENGLISH["exceptions"].keys()
    assert KINDS.keys() - said == set()
    # The rest is raised by a code in a variable, or is set as a case's problem.
    left = said - KINDS.keys() - CHARACTERS
    assert {code for code in left if f'"{code}"' not in sources} == set()
    assert all(
        sentence.keys() == {"message"} for sentence in ENGLISH["exceptions"].values()
    )


def test_codes_in_variables_are_known() -> None:
    """A new way to put a code together has to be told to this test."""
    assert {"code", "err.code", "self._code", *NAMED_CODES} >= TOGETHER


def test_codes_that_have_a_name_have_a_sentence() -> None:
    """Where a file says one code often, it names it."""
    found = {
        node.value.value
        for text in SOURCES.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id in NAMED_CODES
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    assert found
    assert found <= ENGLISH["exceptions"].keys()


def test_codes_of_places_that_raise_by_variable() -> None:
    """Where a function is handed the code, what it is handed has a sentence."""
    handed = {
        "core/strict_json.py": ("_refuse",),
        "base/outbound.py": ("_fail",),
    }
    found: set[str] = set()
    for name, functions in handed.items():
        for node in ast.walk(ast.parse(SOURCES[name])):
            if isinstance(node, ast.Call):
                function = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if function in functions:
                    found |= _literals(node)
    assert found
    problem = next(
        node
        for node in ast.walk(ast.parse(SOURCES["base/outbound.py"]))
        if isinstance(node, ast.FunctionDef) and node.name == "_problem"
    )
    assert found | _literals(problem) <= ENGLISH["exceptions"].keys()


def test_sentences_want_only_what_errors_bring() -> None:
    """An unfilled placeholder would be shown as it is."""
    for code, said in ENGLISH["exceptions"].items():
        assert _placeholders(said["message"]) <= GIVEN.get(code, set()), code


def test_problems_of_cases_need_nothing_filled_in() -> None:
    """A case keeps the code alone, so its sentence has to stand by itself."""
    families = {
        "DeliveryError",
        "MediaError",
        "NamingError",
        "SealError",
        "SourceError",
    }
    for code, kinds in KINDS.items():
        if kinds & families:
            assert not _placeholders(ENGLISH["exceptions"][code]["message"]), code


def test_issues() -> None:
    """Every alarm has words; a seal that fails raises its own code."""
    raised: Codes = defaultdict(set)
    for text in SOURCES.values():
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "raise_alarm"
                and isinstance(node.args[0], ast.Constant)
            ):
                raised[str(node.args[0].value)] |= {
                    key.arg or "" for key in node.keywords
                }
    for code, kinds in KINDS.items():
        if "SealError" in kinds:
            raised[code] |= set()
    for code in (*ALARMS, OTHER_HUB):  # what a hub that contradicts itself raises
        raised[code] = {"about", "portal"}
    assert ENGLISH["issues"].keys() == raised.keys()
    for code, said in ENGLISH["issues"].items():
        if code in alarm._LASTING:
            shown = said
        elif code in alarm._ASKED:
            shown = dict(said["fix_flow"]["step"]["confirm"])
            assert shown.pop("data").keys() == {"go_on"}
        else:
            assert said.keys() == {"title", "fix_flow"}
            shown = said["fix_flow"]["step"]["confirm"]
            assert said["title"] == shown["title"]
            assert said["fix_flow"].get("abort", {}).keys() <= {"not_running"}
        assert shown.keys() == {"title", "description"}
        text = shown["title"] + shown["description"]
        assert _placeholders(text) <= raised[code], code


def test_system_health() -> None:
    """Each value on the system page has a name."""
    keys = {
        key.value
        for node in ast.walk(ast.parse(SOURCES["system_health.py"]))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert ENGLISH["system_health"]["info"].keys() == keys
