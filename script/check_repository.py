"""Check the repository's files: data that parses, text that names no one's machine."""

from collections.abc import Iterable
import json
from pathlib import Path
import re
import subprocess
import sys
import tomllib

import yaml

ROOT = Path(__file__).resolve().parent.parent
MAX_TEXT = 2**20  # bytes; what is larger is data

# Folders of somebody's machine, hosts of package registries, notes that are not part of
# the repository. Each is written so that this file does not match itself.
_FOLDERS = ("wor[k]", "roo[t]", "tmp/bash_job[s]")
_HOSTS = (
    r"registry\.npm[j]s\.org",
    r"registry\.yarn[p]kg\.com",
    r"(?:deb|security|snapshot)\.debia[n]\.org",
    r"pythonhoste[d]\.org",
    r"(?<![\w-])pyp[i]\.org",
)
_WORDS = (r"DESIG[N]\.md", r"DEVELOPER[S]\.md", r"/\.librar[y]\b", r"\.\./share[d]\b")
FORBIDDEN = re.compile(
    "|".join([rf"(?<![\w.~$}}*-])/(?:{'|'.join(_FOLDERS)})\b", *_HOSTS, *_WORDS])
)


class _Loader(yaml.SafeLoader):
    """YAML with Home Assistant's tags (`!input`, …); what they hold does not matter."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def repository_files() -> list[Path]:
    """Return what is in the repository or about to be: tracked, or not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    names = sorted({name.decode() for name in listing.split(b"\0") if name})
    return [path for name in names if (path := ROOT / name).is_file()]


def machine_names(text: str) -> Iterable[str]:
    """Yield `line: what it names` for names that do not belong in a repository."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in FORBIDDEN.finditer(line):
            yield f"{number}: names {match.group()}"


def syntax_fault(path: Path, text: str) -> str | None:
    """Return why a data file does not parse, or None."""
    try:
        match path.suffix:
            case ".json" if path.name not in {"tsconfig.json", ".devcontainer.json"}:
                json.loads(text)
            case ".yaml" | ".yml":
                list(yaml.load_all(text, Loader=_Loader))
            case ".toml":
                tomllib.loads(text)
    except (ValueError, yaml.YAMLError) as err:
        return " ".join(str(err).split())
    return None


def faults(path: Path) -> Iterable[str]:
    """Yield what is wrong with one file."""
    if path.stat().st_size > MAX_TEXT:
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # a picture, a film
    yield from machine_names(text)
    if fault := syntax_fault(path, text):
        yield f"1: {fault}"


def main() -> int:
    """Print every fault; the exit status says whether there is one."""
    found = [
        f"{path.relative_to(ROOT)}:{fault}"
        for path in repository_files()
        for fault in faults(path)
    ]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
