"""Which camera it is that something went wrong with."""

from collections.abc import Iterator
from contextlib import contextmanager

from ...core.errors import SourceError
from ...core.models import Camera


@contextmanager
def speaking_of(camera: Camera) -> Iterator[None]:
    """Put the camera's name into what goes wrong."""
    try:
        yield
    except SourceError as err:
        err.placeholders.setdefault("camera", camera.name)
        raise
