"""Makes drafts: cuts, mutes, strips and verifies the exact file that would be sent."""

from .drafter import Media
from .probe import Probe

__all__ = ["Media", "Probe"]
