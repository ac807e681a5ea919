"""What was made of a tap, on its way between store and manager."""

from collections.abc import Callable
from dataclasses import dataclass

from .approval import Rejection, Token
from .ledger import Line
from .models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the predicate made of a tap: the case after it, or the failed clause."""

    case: Case | None
    rejection: Rejection | None
    lines: tuple[Line, ...]


type Judge = Callable[[Token | None, Case], Verdict]
