"""What the owner set up, as the manager needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from .errors import ConflictError, NotFoundError
from .models import Camera, Invite
from .reminders import REMINDER, REMINDERS
from .rules import Rule
from .text import tidy
from .windows import DailySpan

PANEL_UNDO = timedelta(seconds=10)
PUSH_UNDO = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSettings:
    """Cameras and names by id, rules, invites by their link's token, and times."""

    time_zone: ZoneInfo
    cameras: Mapping[str, Camera] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # approvers, by user id
    invites: Mapping[str, Invite] = field(default_factory=dict)
    panel_undo: timedelta = PANEL_UNDO
    push_undo: timedelta = PUSH_UNDO
    quiet: Mapping[str, DailySpan] = field(default_factory=dict)  # by user id
    reminder: timedelta | None = REMINDERS[REMINDER]  # before a request ends

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
