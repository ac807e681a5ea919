"""What the owner set up, as the manager needs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from .errors import ConflictError, NotFoundError
from .geo import Point
from .masks import Region
from .models import Camera, Choice, Invite
from .portal_slots import SLOT
from .reminders import REMINDER, REMINDERS
from .rules import Rule
from .text import tidy
from .windows import DailySpan

PANEL_UNDO = timedelta(seconds=10)
PUSH_UNDO = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A hub that this home follows, by the name that its owner gave it."""

    portal_id: str
    title: str
    url: str  # up to the host and port, without a path
    hub: str  # thumbprint of its first key, as the owner compared it
    private: bool = False  # none of the open Internet: the owner was warned
    slot: int = SLOT  # seconds from question to question, until the hub says otherwise
    counted: bool = False  # in the coverage estimate: the owner chose that
    storage: str | None = None  # a store of its that is private: the owner was warned


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSettings:
    """Cameras and names by id, rules, invites by their link's token, and times."""

    time_zone: ZoneInfo
    # where it stands just now, None if that is not known: a boat moves, and goes on
    home: Callable[[], Point | None] = lambda: None
    cameras: Mapping[str, Camera] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # approvers, by user id
    invites: Mapping[str, Invite] = field(default_factory=dict)
    panel_undo: timedelta = PANEL_UNDO
    push_undo: timedelta = PUSH_UNDO
    quiet: Mapping[str, DailySpan] = field(default_factory=dict)  # by user id
    portals: tuple[Portal, ...] = ()
    reminder: timedelta | None = REMINDERS[REMINDER]  # before a request ends

    def masks_for(self, choice: Choice) -> tuple[Region, ...]:
        """Return what a film of a choice always has filled: nothing of mere words."""
        camera = self.cameras.get(choice.camera_id)
        return camera.masks if camera and choice.text is None else ()

    def clock_ahead_for(self, choice: Choice) -> float | None:
        """Return by how much a film's times are corrected now, in seconds.

        None where there is nothing to correct: words, or a camera that is gone.
        """
        camera = self.cameras.get(choice.camera_id)
        return camera.clock_ahead if camera and choice.text is None else None

    def camera_id(self, named: str) -> str:
        """Return which camera somebody means, by its id, its entity or its name.

        The case of letters counts in the id alone. Raises NotFoundError, and
        ConflictError for a name or an entity that several have.
        """
        if named in self.cameras:
            return named
        meant = [
            camera
            for camera in self.cameras.values()
            if _spelling(named) in (_spelling(camera.name), camera.entity_id)
        ]
        if not meant:
            raise NotFoundError("camera_not_found")
        if len(meant) > 1:
            raise ConflictError("camera_ambiguous", camera=meant[0].name)
        return meant[0].camera_id


def _spelling(name: str) -> str:
    return tidy(name).casefold()
