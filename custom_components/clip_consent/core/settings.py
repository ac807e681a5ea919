"""What the owner set up, as the manager needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from .models import Camera, Invite
from .reminders import REMINDER, REMINDERS
from .rules import Rule
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
