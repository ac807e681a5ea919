"""Looking for cameras' recordings where Home Assistant keeps media. It blocks."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
import os
from pathlib import Path
import re
import time

from ...core.errors import SourceError
from .folder_index import UNLISTED, Listing
from .folder_walk import Place, Question, list_folders
from .naming import AUTOMATIC, Naming
from .patterns import PRESETS, Pattern

_MAX_SECONDS = 8.0  # for all places together
_MAX_DEPTH = 7
_SAMPLES = 20  # names per folder
_NAME_LENGTH = 60
_NEWEST = 2  # dated folders per folder
_MAX_CAMERAS = 16  # in one folder; more is no camera's name but part of the file's

_FRIGATE = "frigate"  # its cameras always lie side by side
_DATED = re.compile(r"20\d\d([-_.]?\d\d){0,2}([-_T]?\d\d)?(AM|PM)?", re.ASCII)
_DATED_PART = re.compile(r"\d\d", re.ASCII)
# What phones and photo cameras put in front of a time.
_NOT_OURS = re.compile("(VID|PXL|IMG|MVI|DSC|Screen|signal|WhatsApp)", re.IGNORECASE)
_GENERAL_NAMES = {
    "cam", "camera", "cameras", "clips", "ftp", "local", "media", "motion",
    "motioneye", "new", "nvr", "record", "recordings", "share", "stored", "video",
    "videos",
}  # fmt: skip
_ANY = Naming(patterns=(), zone=UTC, by_file_time=True)
_AUTOMATIC = Naming(patterns=(), zone=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSuggestion:
    """A camera that seems to record into a folder."""

    name: str  # made from the folder's name, for the owner to change
    source: Mapping[str, str]  # as `Camera.source` takes it
    example: str  # path below the folder
    files: int  # seen in the newest folders


@dataclass(slots=True)
class _Found:
    """Recordings below one folder that one naming reads."""

    examples: dict[str, str] = field(default_factory=dict)  # newest, by camera
    files: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, camera: str, path: str) -> None:
        self.files[camera] += 1
        self.examples[camera] = max(path, self.examples.get(camera, ""))

    @property
    def total(self) -> int:
        return sum(self.files.values())


type _ByNaming = dict[str, _Found]


def suggest_folders(
    media_dirs: Mapping[str, str], share: Path
) -> list[FolderSuggestion]:
    """Return the cameras whose recordings lie in the media folders or in `share`.

    It takes a few seconds at most, so in an executor; what it does not find the owner
    can still type in.
    """
    places = {
        os.path.realpath(path): None for path in (*media_dirs.values(), str(share))
    }
    suggestions: dict[tuple[str, str], FolderSuggestion] = {}
    for place in places:
        deadline = time.monotonic() + _MAX_SECONDS / len(places)
        for found in _suggestions(place, deadline):
            key = found.source["folder"], found.source.get("camera", "")
            suggestions.setdefault(key, found)
    return sorted(suggestions.values(), key=lambda each: (each.name, each.example))


def _suggestions(place: str, deadline: float) -> Iterator[FolderSuggestion]:
    by_folder: dict[str, _ByNaming] = defaultdict(lambda: defaultdict(_Found))
    for listing in _listings(place, deadline):
        names = [name for name in listing.names if not _NOT_OURS.match(name)]
        for name in names[-_SAMPLES:]:
            parts = [*filter(None, listing.folder.split("/")), name]
            for naming, depth, camera in _readings(parts):
                folder = "/".join(parts[:-depth])
                by_folder[folder][naming].add(camera, "/".join(parts[-depth:]))
    for folder, namings in by_folder.items():
        yield from _of_folder(place, folder, namings)


def _listings(place: str, deadline: float) -> Iterator[Listing]:
    """Yield folders, the upper ones first; of dated folders only the newest."""
    question = Question(now=0.0, span=None)
    waiting = deque([""])
    while waiting and time.monotonic() < deadline:
        folder = waiting.popleft()
        try:
            found = list_folders(Place(place, _ANY), {folder: UNLISTED}, question)
        except SourceError:
            return
        for listing in found.listed:
            yield listing
            if folder.count("/") < _MAX_DEPTH:
                waiting.extend(_newest(listing.subfolders))


def _newest(folders: Sequence[str]) -> list[str]:
    def dated(folder: str) -> bool:
        name = folder.rpartition("/")[2]
        return bool(_DATED.fullmatch(name) or _DATED_PART.fullmatch(name))

    others = [folder for folder in folders if not dated(folder)]
    return others + [folder for folder in folders if dated(folder)][-_NEWEST:]


def _readings(parts: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Yield each naming that reads a path, how many parts it needs, and the camera."""
    own = len(_undated(parts[:-1]))
    stem = [*parts[:-1], parts[-1].rpartition(".")[0]]
    for naming, patterns in _PATTERNS.items():
        for pattern in patterns:
            depth = len(parts) - own if pattern.deep else pattern.depth
            # A folder that is itself a date is no camera's.
            if depth > len(parts) or len(_undated(parts[:-depth])) < len(parts) - depth:
                continue
            if (fields := pattern.read(stem[-depth:])) is not None:
                yield naming, depth, fields.get("camera", "")
                break
    if _AUTOMATIC.times("/".join(parts[own:])):
        yield AUTOMATIC, len(parts) - own, ""


_PATTERNS = {
    naming: tuple(Pattern(text) for text in preset.patterns)
    for naming, preset in PRESETS.items()
    if naming != "unix"  # any long number reads as one
}


def _undated(folders: Sequence[str]) -> Sequence[str]:
    """Return the folders without the dated ones at the end."""
    for number, name in enumerate(folders):
        if _DATED.fullmatch(name) and all(
            _DATED.fullmatch(below) or _DATED_PART.fullmatch(below)
            for below in folders[number:]
        ):
            return folders[:number]
    return folders


def _of_folder(
    place: str, folder: str, namings: _ByNaming
) -> Iterator[FolderSuggestion]:
    """Yield the cameras of a folder, by the naming that reads most of it."""
    order = {naming: number for number, naming in enumerate((*PRESETS, AUTOMATIC))}
    usable = {
        naming: found
        for naming, found in namings.items()
        if len(found.files) <= _MAX_CAMERAS or naming == _FRIGATE
    }
    if not usable:
        return
    naming = min(usable, key=lambda naming: (-usable[naming].total, order[naming]))
    found = usable[naming]
    for camera, files in found.files.items():
        source = {
            "folder": Place(place, _ANY).path(folder),
            "naming": naming,
            "name_is": "start",
        }
        # A camera with a folder to itself may be renamed without being lost.
        shared = bool(camera) and (len(found.files) > 1 or naming == _FRIGATE)
        if shared:
            source["camera"] = camera
        yield FolderSuggestion(
            name=spoken(camera) if shared else _folder_name(place, folder),
            source=source,
            example=found.examples[camera],
            files=files,
        )


def _folder_name(place: str, folder: str) -> str:
    """Return the lowest folder name that says more than that there are recordings."""
    for part in reversed([*Path(place).parts[1:], *folder.split("/")]):
        if part and part.lower() not in _GENERAL_NAMES:
            return spoken(part)
    return "Camera"


def spoken(text: str) -> str:
    """Return a file name's "front_door_00" as "Front door"."""
    words = re.sub(r"[\s_.-]+", " ", text).strip()
    words = re.sub(r" 0\d$", "", words)[:_NAME_LENGTH]
    return words[:1].upper() + words[1:] or "Camera"
