"""What was found where only some of a camera's recordings could be looked at."""

from .errors import SourceError
from .models import Piece


class PartlyFoundError(SourceError):
    """Some recordings of a camera cannot be reached: `pieces` are those of the rest."""

    def __init__(self, code: str, pieces: tuple[Piece, ...]) -> None:
        """Keep why the others are missing, and what was found."""
        super().__init__(code)
        self.pieces = pieces
