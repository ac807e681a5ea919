"""What Home Assistant's and HACS's own validation would say, without the network."""

import ast
import json
from pathlib import Path
import tomllib

from PIL import Image
import pytest

from custom_components.clip_consent.const import DOMAIN, NAME, VERSION

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "custom_components" / DOMAIN
MANIFEST = json.loads((PACKAGE / "manifest.json").read_text(encoding="utf-8"))

# Platforms of entities, what every Home Assistant has, and what asks for its file of
# ours itself once it is set up, such as the logbook: nobody declares them.
EVERYWHERE = {
    *("binary_sensor", "diagnostics", "event", "homeassistant", "image", "logbook"),
    *("persistent_notification", "person", "repairs", "sensor", "switch"),
    "system_health",
}


def test_one_name_and_version_everywhere() -> None:
    """A release changes the version in four places, or in none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    frontend = json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))
    assert (MANIFEST["domain"], MANIFEST["name"]) == (DOMAIN, NAME)
    assert MANIFEST["version"] == VERSION
    assert project["project"]["version"] == VERSION
    assert frontend["version"] == VERSION


def test_the_manifest_is_in_its_order() -> None:
    """Domain and name come first, then the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]
    assert "requirements" not in MANIFEST
    assert "single_config_entry" not in MANIFEST


def _integrations(source: ast.Module) -> set[str]:
    """Return the integrations of Home Assistant that a file imports."""
    found: set[str] = set()
    for node in ast.walk(source):
        if isinstance(node, ast.ImportFrom) and not node.level:
            module = f"{node.module}."
            if module == "homeassistant.components.":
                found |= {alias.name for alias in node.names}
            elif module.startswith("homeassistant.components."):
                found.add(module.split(".")[2])
    return found


def test_the_manifest_names_what_is_imported() -> None:
    """An integration that is imported is set up before ours."""
    imported: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        imported |= _integrations(ast.parse(file.read_text(encoding="utf-8")))
    declared = {*MANIFEST["dependencies"], *MANIFEST["after_dependencies"]}
    assert "http" in imported
    assert imported - EVERYWHERE - declared == set()


@pytest.mark.parametrize("prefix", ["", "dark_"])
@pytest.mark.parametrize(("suffix", "scale"), [("", 1), ("@2x", 2)])
def test_the_pictures_have_their_sizes(prefix: str, suffix: str, scale: int) -> None:
    """Icons are square, logos lie; both are transparent outside."""
    brand = PACKAGE / "brand"
    with Image.open(brand / f"{prefix}icon{suffix}.png") as icon:
        assert icon.size == (256 * scale, 256 * scale)
        assert icon.convert("RGBA").getpixel((icon.width - 1, 0)) == (0, 0, 0, 0)
    with Image.open(brand / f"{prefix}logo{suffix}.png") as logo:
        assert logo.height == 256 * scale
        assert logo.width > logo.height


def test_hacs_asks_for_the_home_assistant_that_is_tested() -> None:
    """The least version in hacs.json is the one that CI installs as the least."""
    hacs = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert hacs["name"] == NAME
    assert f"# is {hacs['homeassistant']}" in workflow
    assert hacs["filename"] == f"{DOMAIN}.zip"
