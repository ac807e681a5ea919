"""Makes drafts: cuts, mutes, strips and verifies the exact file that would be sent."""

from .drafter import Media
from .probe import Probe
from .records import plays_everywhere

__all__ = ["Media", "Probe", "plays_everywhere"]
