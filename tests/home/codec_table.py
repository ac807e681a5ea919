"""Reads and writes the table of docs/sources.md, "Codecs and containers"."""

from pathlib import Path
from typing import Final

from .codec_files import KINDS

_PAGE: Final = Path(__file__).parents[2] / "docs" / "sources.md"
_TITLE: Final = "## Codecs and containers"
_HEAD: Final = (
    *("Container", "Pictures", "Sound", "Copy", "Exact cut", "Playable copy"),
    *("Sound becomes", "Chromium plays the copy"),
)
NOT_MEASURED: Final = "?"

type Key = tuple[str, str, str]
type Row = tuple[str, ...]


def _place(page: str) -> tuple[int, int]:
    """Return where the table's rows begin and end in the page."""
    head = page.index("| Container |", page.index(_TITLE))
    begin = page.index("\n", page.index("\n", head) + 1) + 1
    end = page.find("\n\n", begin - 1)
    return begin, end + 1


def read_table() -> dict[Key, Row]:
    """Return the rows by container, pictures and sound."""
    page = _PAGE.read_text(encoding="utf-8")
    begin, end = _place(page)
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in page[begin:end].splitlines()
    ]
    assert all(len(row) == len(_HEAD) for row in rows)
    return {(row[0], row[1], row[2]): row for row in rows}


def write_row(row: Row) -> None:
    """Put a row into the page; what is not measured in it stays as it was."""
    table = read_table()
    key = (row[0], row[1], row[2])
    before = table.get(key, (NOT_MEASURED,))
    table[key] = row if len(row) == len(_HEAD) else (*row, before[-1])
    page = _PAGE.read_text(encoding="utf-8")
    begin, end = _place(page)
    order = [(kind.container, kind.pictures, kind.sound) for kind in KINDS]
    rows = [table[each] for each in order if each in table]
    lines = "".join(f"| {' | '.join(each)} |\n" for each in rows)
    _PAGE.write_text(page[:begin] + lines + page[end:], encoding="utf-8")
