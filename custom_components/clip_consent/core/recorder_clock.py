"""Two clocks: a recorder's own, and the right one.

A recorder whose clock is `ahead` seconds names a moment that much too late. All that
the home shows, keeps and sends is by the right clock; sources are asked by their own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from .models import Piece, Window

AHEAD_MAX = 86_400  # seconds, either way


def recorder_moment(at: datetime, ahead: float) -> datetime:
    """Return what a recorder's clock shows at a moment."""
    return at + timedelta(seconds=ahead)


def recorder_window(window: Window, ahead: float) -> Window:
    """Return a window as a recorder names it."""
    return Window(
        start=recorder_moment(window.start, ahead),
        end=recorder_moment(window.end, ahead),
    )


def recorder_pieces(pieces: Iterable[Piece], ahead: float) -> tuple[Piece, ...]:
    """Return pieces as a recorder names them; `ahead` below zero takes that back."""
    return tuple(
        replace(piece, start=recorder_moment(piece.start, ahead)) for piece in pieces
    )
