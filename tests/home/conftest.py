"""What the tests of the home's adapters share."""

from .drafting import drafting, drafts, odd_files, recordings, slow_ffmpeg

__all__ = ["drafting", "drafts", "odd_files", "recordings", "slow_ffmpeg"]
