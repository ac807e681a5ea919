"""Who may import whom, read from the syntax tree: imports for types count too.

The rooms of the package are `core`, `base`, `home`, `hub` and its root. What stands in
a room under a name of `NAMED` is a thing of its own. Any other file of that room is a
part of the one thing that imports it, and has that one's rights. The last tests plant
faults in a tree of their own and expect each of them to be named.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import sys

import pytest

PACKAGE = "custom_components.clip_consent"
ROOT = Path(__file__).parent.parent
TREE = ROOT / "custom_components" / "clip_consent"
FRONTEND = ROOT / "frontend" / "src"
MAX_FILE = 400  # lines
MAX_FUNCTION = 60  # lines

NAMED = {
    "": {
        *("__init__", "backup", "binary_sensor", "condition", "config_flow", "const"),
        *("diagnostics", "entity", "event", "frontend", "http", "logbook", "messages"),
        *("repairs", "sensor", "services", "switch", "system_health", "trigger"),
        "websocket",
    },
    "home": {
        *("__init__", "manager", "media", "portals", "probing", "prompt", "sources"),
        "store",
    },
    "hub": {
        *("__init__", "drops", "feed", "log", "manager", "moderation", "pages"),
        "store",
    },
}
# The same kind of thing side by side in a folder: none of them may know another.
PEERS = ({"folder", "frigate", "media"}, {"direct", "http"})

# What the core may use: nothing here has a clock, chance, a file or a network.
CORE_STDLIB = {
    *("abc", "base64", "binascii", "bisect", "calendar", "codecs", "collections"),
    *("contextlib", "copy", "dataclasses", "datetime", "decimal", "difflib", "enum"),
    *("fractions", "functools", "graphlib", "hashlib", "heapq", "hmac", "html"),
    *("ipaddress", "itertools", "json", "math", "numbers", "operator", "re"),
    *("statistics", "string", "struct", "textwrap", "types", "typing", "unicodedata"),
    *("urllib.parse", "zoneinfo"),
}
PORTS = {("core", "ports"), ("core", "ports_hub")}  # they may name a file
CORE_CALLS = {"open", "input", "print", "exec", "eval", "compile", "__import__"}
CORE_CALLS |= {"ZoneInfo"}  # a zone handed in is a value, making one reads a file
CORE_CLOCKS = {"now", "utcnow", "today"}

# What Home Assistant itself installs. Anything else would need a requirement.
THIRD_PARTY = {
    *("homeassistant", "aiohttp", "cryptography", "jwt", "multidict", "orjson", "PIL"),
    *("ulid_transform", "voluptuous", "yarl"),
}

type Module = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: a module of the package (`inside`) or of elsewhere."""

    line: int
    name: str
    inside: Module | None
    absolute: bool = False


def module_of(tree: Path, file: Path) -> Module:
    """Return a file's module below the package; a package's own is its name alone."""
    parts = file.relative_to(tree).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _is_module(tree: Path, parts: Module) -> bool:
    path = tree.joinpath(*parts)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _from_import(tree: Path, file: Path, node: ast.ImportFrom) -> Iterator[Import]:
    absolute = not node.level
    if node.level:
        folder = file.relative_to(tree).parts[:-1]
        base = folder[: len(folder) - node.level + 1]
        base += tuple(node.module.split(".")) if node.module else ()
    elif f"{node.module}.".startswith(f"{PACKAGE}."):
        base = tuple((node.module or "").split(".")[2:])
    else:
        yield Import(node.lineno, node.module or "", None)
        return
    for alias in node.names:
        deeper = (*base, alias.name)
        inside = deeper if _is_module(tree, deeper) else base
        yield Import(node.lineno, ".".join(inside) or "__init__", inside, absolute)


def imports(tree: Path, file: Path, source: ast.Module) -> Iterator[Import]:
    """Yield every import of a file, wherever in it."""
    for node in ast.walk(source):
        if isinstance(node, ast.ImportFrom):
            yield from dict.fromkeys(_from_import(tree, file, node))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if f"{alias.name}.".startswith(f"{PACKAGE}."):
                    inside = tuple(alias.name.split(".")[2:])
                    yield Import(node.lineno, ".".join(inside), inside, absolute=True)
                else:
                    yield Import(node.lineno, alias.name, None)


def place(module: Module) -> tuple[str, str]:
    """Return a module's room, and the thing in it that the module is or lies in."""
    if module[:1] and module[0] in {"core", "base", "home", "hub"}:
        return module[0], (*module, "__init__")[1]
    return "", (*module, "__init__")[0]


class Order:
    """The import order of one tree: needs to see it whole to know whose a part is."""

    def __init__(self, tree: Path) -> None:
        self._importers: dict[tuple[str, str], set[str]] = {}
        for file in sorted(tree.rglob("*.py")):
            room, unit = place(module_of(tree, file))
            for found in imports(tree, file, ast.parse(file.read_text("utf-8"))):
                if found.inside is not None and place(found.inside)[0] == room:
                    self._importers.setdefault(place(found.inside), set()).add(unit)

    def owners(self, room: str, unit: str) -> set[str]:
        """Return the named things that this is, or is a part of."""
        if room not in NAMED or unit in NAMED[room]:
            return {unit}
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [unit]
        while waiting:
            if (one := waiting.pop()) in seen:
                continue
            seen.add(one)
            if one in NAMED[room]:
                found.add(one)
            else:
                waiting += self._importers.get((room, one), ())
        return found

    def may_import(self, module: Module, target: Module) -> bool:
        """Say whether a module may import another of the package."""
        if not target:
            return False  # the package's __init__ sees all, and nobody sees it
        (room, unit), (to_room, to_unit) = place(module), place(target)
        if room == "core":
            return to_room == "core"
        if room == "base" or (room, unit) == ("", "const"):
            return unit != "const" and (
                to_room in {"base", "core"} or target == ("const",)
            )
        if to_room in {"base", "core"} or target == ("const",):
            return True
        owners = self.owners(room, unit)
        if room == "":
            if owners == {"__init__"} or target in {("entity",), ("messages",)}:
                return True
            if to_room:
                # what forms ask before there is a manager: it needs Home Assistant,
                # and the manager shall not
                return to_unit in {"manager", "probing"}
            return to_unit not in NAMED[""]
        return to_room == room and self._room_allows(owners, module, target)

    def _room_allows(self, owners: set[str], module: Module, target: Module) -> bool:
        """Say whether a module of `home` or `hub` may import another of the same."""
        (room, unit), (_, to_unit) = place(module), place(target)
        if unit == to_unit:
            return not _are_peers(module, target)
        if to_unit not in NAMED[room]:
            return True  # a part: `ownership_fault` tells if it serves two
        return owners in ({"manager"}, {"probing"}) and to_unit != "manager"

    def ownership_fault(self, module: Module) -> str | None:
        """Return whose part a file is, if it is more than one thing's."""
        owners = sorted(self.owners(*place(module)))
        if len(owners) > 1:
            return f"1: is a part of {' and '.join(owners)}"
        return None


def _are_peers(module: Module, target: Module) -> bool:
    if len(module) < 3 or len(target) < 3 or module[2] == target[2]:
        return False
    return any({module[2], target[2]} <= peers for peers in PEERS)


def _outside_fault(module: Module, name: str) -> str | None:
    """Return why a module may not import this from outside the package, or None."""
    top = name.split(".", maxsplit=1)[0]
    if module[:1] == ("core",):
        allowed = CORE_STDLIB | ({"pathlib"} if module in PORTS else set())
        return None if {name, top} & allowed else f"core imports {name}"
    if top in sys.stdlib_module_names or top in THIRD_PARTY:
        return None
    return f"imports {name}, which Home Assistant does not install"


def _core_call_fault(node: ast.Call) -> str | None:
    """Return what a call in the core reaches out to, or None."""
    match node.func:
        case ast.Name(id=name) if name in CORE_CALLS:
            return f"core calls {name}()"
        case ast.Attribute(attr=name) if name in CORE_CLOCKS:
            return f"core reads the clock: {name}()"
        case ast.Attribute(attr="astimezone") if not node.args and not node.keywords:
            return "core reads this machine's time zone: astimezone()"
    return None


def _import_faults(
    order: Order, tree: Path, file: Path, source: ast.Module
) -> Iterator[str]:
    module = module_of(tree, file)
    for found in imports(tree, file, source):
        if found.inside is None:
            if fault := _outside_fault(module, found.name):
                yield f"{found.line}: {fault}"
        elif found.absolute:
            yield f"{found.line}: imports {found.name} absolutely"
        elif found.inside != module and not order.may_import(module, found.inside):
            yield f"{found.line}: may not import {found.name}"
    if fault := order.ownership_fault(module):
        yield fault


def _size_fault(text: str) -> str | None:
    """Return what is wrong with the length of a file, or None."""
    if (lines := len(text.splitlines())) > MAX_FILE:
        return f"1: {lines} lines, {MAX_FILE} are the limit"
    return None


def _form_faults(module: Module, text: str, source: ast.Module) -> Iterator[str]:
    if fault := _size_fault(text):
        yield fault
    for node in ast.walk(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION:
                yield f"{node.lineno}: {node.name} has {lines} lines"
        elif (
            module[:1] == ("core",)
            and isinstance(node, ast.Call)
            and (fault := _core_call_fault(node))
        ):
            yield f"{node.lineno}: {fault}"


def faults(tree: Path) -> list[str]:
    """Return `file:line: what is wrong` for a whole package."""
    order = Order(tree)
    found: list[str] = []
    for file in sorted(tree.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        source = ast.parse(text)
        name = file.relative_to(tree)
        found += [f"{name}:{it}" for it in _import_faults(order, tree, file, source)]
        found += [
            f"{name}:{it}" for it in _form_faults(module_of(tree, file), text, source)
        ]
    return found


def frontend_faults(tree: Path) -> list[str]:
    """Return `file:line: what is wrong` for what browsers load."""
    return [
        f"{file.relative_to(tree)}:{fault}"
        for file in sorted(tree.rglob("*.ts"))
        if (fault := _size_fault(file.read_text(encoding="utf-8")))
    ]


def test_no_file_of_the_frontend_is_too_long(tmp_path: Path) -> None:
    """The limit of the package holds for what browsers load, in every folder."""
    assert (FRONTEND / "strings" / "en" / "case.ts").is_file()
    found = frontend_faults(FRONTEND)
    assert not found, "\n".join(found)
    _plant(tmp_path, {"a.ts": "\n" * MAX_FILE, "b/c.ts": "\n" * (MAX_FILE + 1)})
    assert frontend_faults(tmp_path) == ["b/c.ts:1: 401 lines, 400 are the limit"]


def test_every_import_goes_the_one_way() -> None:
    """The package keeps its import order and its sizes."""
    assert (TREE / "core" / "models.py").is_file()
    found = faults(TREE)
    assert not found, "\n".join(found)


SOUND = {
    "__init__.py": "from .home.manager import M\nfrom .home.store import S\n",
    "const.py": "import logging\n",
    "entity.py": "from .const import X\nfrom .home.manager import M\n",
    "sensor.py": "from .entity import E\nfrom .hub.manager import M\n",
    "messages.py": "from .core.errors import E\n",
    "services.py": "from .messages import M\nfrom .home.manager import M\n",
    "config_flow.py": "from . import flow_camera\nfrom .flow_rule import R\n",
    "flow_camera.py": "from .flow_fields import F\nfrom .home.manager import M\n",
    "flow_rule.py": "from .flow_fields import F\nfrom .home.probing import P\n",
    "flow_fields.py": "from .const import X\n",
    "core/__init__.py": "",
    "core/models.py": "from urllib.parse import quote\n",
    "core/rules.py": "from .models import R\nfrom . import models\n",
    "core/ports.py": "from pathlib import Path\n",
    "base/__init__.py": "",
    "base/db.py": "import sqlite3\nfrom ..core import models\nfrom .push import P\n",
    "base/push.py": "from homeassistant.core import callback\n",
    "home/__init__.py": "",
    "home/manager.py": "from . import store, steps\nfrom .sources.folder import F\n",
    "home/steps.py": "from .media import M\nfrom .store import S\n",
    "home/store.py": "from ..base.db import D\nfrom .rows import R\n",
    "home/rows.py": "from ..core.models import R\n",
    "home/media.py": "import asyncio\n",
    "home/probing.py": "from .sources.folder import F\n",
    "home/sources/__init__.py": "",
    "home/sources/times.py": "",
    "home/sources/folder/__init__.py": "from .index import I\nfrom ..times import T\n",
    "home/sources/folder/index.py": "from ....core.models import R\n",
    "home/sources/frigate.py": "from .times import T\n",
    "hub/__init__.py": "",
    "hub/manager.py": "",
}

FAULTS = [
    ("core/geo.py", "import random", "core imports random"),
    ("core/geo.py", "from pathlib import Path", "core imports pathlib"),
    ("core/geo.py", "import urllib.request", "core imports urllib.request"),
    ("core/geo.py", "import homeassistant.core", "core imports homeassistant.core"),
    ("core/geo.py", "import voluptuous as vol", "core imports voluptuous"),
    ("core/geo.py", "from ..const import X", "may not import const"),
    ("core/geo.py", "x = datetime.now(UTC)", "core reads the clock: now()"),
    ("core/geo.py", "x = dt.datetime.utcnow()", "core reads the clock: utcnow()"),
    ("core/geo.py", "x = t.astimezone()", "this machine's time zone: astimezone()"),
    ("core/geo.py", "x = open('f')", "core calls open()"),
    ("core/geo.py", "x = ZoneInfo('Europe/Paris')", "core calls ZoneInfo()"),
    ("const.py", "from .core.models import R", "may not import core.models"),
    ("base/out.py", "from ..home.store import S", "may not import home.store"),
    ("home/media.py", "from .store import S", "may not import home.store"),
    ("home/media.py", "from .manager import M", "may not import home.manager"),
    ("home/media.py", "from .probing import P", "may not import home.probing"),
    ("home/probing.py", "from .manager import M", "may not import home.manager"),
    (
        "home/media.py",
        "def f():\n    from .store import S",
        "may not import home.store",
    ),
    (
        "home/media.py",
        "if TYPE_CHECKING:\n    from .manager import M",
        "may not import home.manager",
    ),
    ("home/media.py", "import shapely", "imports shapely, which Home Assistant does"),
    (
        "home/sources/frigate.py",
        "from .folder import F",
        "not import home.sources.fold",
    ),
    (
        "home/sources/folder/index.py",
        "from ..frigate import F",
        "may not import home.sources.frigate",
    ),
    ("home/sources/frigate.py", "from ..media import M", "may not import home.media"),
    ("home/media.py", "from .rows import R", "is a part of media and store"),
    ("home/rows.py", "from .media import M", "may not import home.media"),
    ("services.py", "from .flow_fields import F", "part of config_flow and services"),
    ("flow_rule.py", "from .services import S", "may not import services"),
    ("flow_rule.py", "from .home.rows import R", "may not import home.rows"),
    ("home/manager.py", "from ..hub.manager import M", "may not import hub.manager"),
    ("hub/manager.py", "from ..home import store", "may not import home.store"),
    ("home/store.py", "from .. import setup", "may not import __init__"),
    ("home/store.py", "from ..sensor import E", "may not import sensor"),
    ("sensor.py", "from .home.store import S", "may not import home.store"),
    ("sensor.py", "from . import const, setup", "may not import __init__"),
    ("event.py", "from .sensor import E", "may not import sensor"),
    ("event.py", f"from {PACKAGE}.const import X", "imports const absolutely"),
    ("event.py", f"import {PACKAGE}.const", "imports const absolutely"),
    ("event.py", "\n" * MAX_FILE + "x = 1", "401 lines, 400 are the limit"),
    ("event.py", "async def f():\n" + "    x = 1\n" * 60, "f has 61 lines"),
]


def _plant(tree: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_sound_tree_has_no_faults(tmp_path: Path) -> None:
    """Everything the order allows is allowed."""
    _plant(tmp_path, SOUND)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(("name", "text", "named"), FAULTS)
def test_a_planted_fault_is_named(
    tmp_path: Path, name: str, text: str, named: str
) -> None:
    """Each fault is found, in its file, and nothing else is."""
    _plant(tmp_path, SOUND | {name: f"{SOUND.get(name, '')}{text}\n"})
    found = faults(tmp_path)
    assert len(found) == 1
    assert named in found[0]
    assert found[0].startswith(f"{name}:") or "is a part of" in found[0]
