"""What the tests of the home's adapters share."""

from tests.servers.fixtures import _tus_server, store, tus_server

from .drafting import drafting, drafts, odd_files, recordings, slow_ffmpeg
from .uploading import loopback, post, proxy, ready

__all__ = [
    "_tus_server",
    "drafting",
    "drafts",
    "loopback",
    "odd_files",
    "post",
    "proxy",
    "ready",
    "recordings",
    "slow_ffmpeg",
    "store",
    "tus_server",
]
