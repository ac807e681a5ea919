"""What a hub publishes: requests and notices; docs/portal-protocol.md, section 4."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import re
from typing import Final

from .bech32 import public_key
from .errors import InvalidGeometryError, InvalidRequestError, PortalError
from .geo import Area, Circle, Point, Polygon
from .limits import CASE_NUMBER_MAX, CONTACT_MAX, NAME_MAX, TEXT_MAX, TITLE_MAX
from .models import RequesterKind, Window
from .portal_json import Fields, Said, read_json
from .serial import Json, canonical, utc_text
from .text import fault

_CODE: Final = "portal_item_invalid"
CELL: Final = re.compile(r"[0-9bcdefghjkmnpqrstuvwxyz]{4,5}")
CELLS_MAX: Final = 9  # of one notice


class NoticeAuthor(StrEnum):
    """Who a notice is from."""

    OPERATOR = "operator"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRequest:
    """A request as everybody may read it. Its texts are a stranger's words."""

    id: str
    published_at: datetime
    expires_at: datetime
    kind: RequesterKind
    name: str
    organisation: str
    verified_how: str
    contact: str
    case_number: str
    title: str
    text: str
    window: Window
    area: Area
    recipient: str  # age X25519 public key


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to the homes of some cells."""

    id: str
    published_at: datetime
    expires_at: datetime
    title: str
    text: str
    cells: tuple[str, ...]
    author: NoticeAuthor
    recipient: str | None  # whom comments are sealed to, None where none are wanted


type Item = PublicRequest | Notice


def item_text(item: Item) -> str:
    """Return the string that the log keeps of an item."""
    return canonical(item_json(item)).decode()


def item_json(item: Item) -> Said:
    """Return an item as JSON."""
    said: Said = {
        "id": item.id,
        "published_at": utc_text(item.published_at),
        "expires_at": utc_text(item.expires_at),
        "title": item.title,
        "text": item.text,
        "recipient": item.recipient,
    }
    if isinstance(item, Notice):
        return {
            **said,
            "type": "notice",
            "cells": list(item.cells),
            "author": item.author.value,
        }
    return {
        **said,
        "type": "request",
        "kind": item.kind.value,
        "name": item.name,
        "organisation": item.organisation,
        "verified_how": item.verified_how,
        "contact": item.contact,
        "case_number": item.case_number,
        "start": utc_text(item.window.start),
        "end": utc_text(item.window.end),
        "area": area_json(item.area),
    }


def read_item(text: str) -> Item | None:
    """Read the string of an item; None if it is of a kind that is not known here.

    Raises PortalError `portal_item_invalid`: also where a text is longer than the
    protocol lets it be, or holds what no text may hold.
    """
    said = read_json(text.encode(), _CODE)
    fields = Fields(said, _CODE)
    match fields.text("type"):
        case "request":
            return _request(fields)
        case "notice":
            return _notice(fields)
        case _:
            return None


def _request(fields: Fields) -> PublicRequest:
    try:
        kind = RequesterKind(fields.text("kind"))
    except ValueError as err:
        raise PortalError(_CODE) from err
    window = Window(start=fields.time("start"), end=fields.time("end"))
    if window.end <= window.start:
        raise PortalError(_CODE)
    return PublicRequest(
        id=fields.id("id"),
        published_at=fields.time("published_at"),
        expires_at=fields.time("expires_at"),
        kind=kind,
        name=_words(fields, "name", NAME_MAX),
        organisation=_words(fields, "organisation", NAME_MAX),
        verified_how=_words(fields, "verified_how", NAME_MAX),
        contact=_words(fields, "contact", CONTACT_MAX),
        case_number=_words(fields, "case_number", CASE_NUMBER_MAX),
        title=_words(fields, "title", TITLE_MAX),
        text=_words(fields, "text", TEXT_MAX, lines=True),
        window=window,
        area=read_area(fields.json("area")),
        recipient=_recipient(fields.text("recipient")),
    )


def _notice(fields: Fields) -> Notice:
    cells = tuple(map(_cell, fields.list("cells")))
    if not 1 <= len(cells) <= CELLS_MAX:
        raise PortalError(_CODE)
    try:
        author = NoticeAuthor(fields.text("author"))
    except ValueError as err:
        raise PortalError(_CODE) from err
    answers = fields.json("recipient") is not None
    return Notice(
        id=fields.id("id"),
        published_at=fields.time("published_at"),
        expires_at=fields.time("expires_at"),
        title=_words(fields, "title", TITLE_MAX),
        text=_words(fields, "text", TEXT_MAX, lines=True),
        cells=cells,
        author=author,
        recipient=_recipient(fields.text("recipient")) if answers else None,
    )


def area_json(area: Area) -> Said:
    """Return an area as JSON."""
    if isinstance(area, Circle):
        return {
            "kind": "circle",
            "latitude": area.center.lat,
            "longitude": area.center.lon,
            "radius": area.radius,
        }
    return {
        "kind": "polygon",
        "points": [[vertex.lat, vertex.lon] for vertex in area.vertices],
    }


def read_area(said: Json) -> Area:
    """Read an area. Raises PortalError `portal_item_invalid` if it is none."""
    fields = Fields(said, _CODE)
    try:
        if fields.text("kind") == "circle":
            return Circle(
                center=_circle_center(fields), radius=fields.degrees("radius")
            )
        if fields.text("kind") == "polygon":
            return Polygon(vertices=tuple(map(_vertex, fields.list("points"))))
    except InvalidGeometryError as err:
        raise PortalError(_CODE) from err
    raise PortalError(_CODE)


def _circle_center(fields: Fields) -> Point:
    return Point(lat=fields.degrees("latitude"), lon=fields.degrees("longitude"))


def _vertex(said: Json) -> Point:
    if not isinstance(said, list) or len(said) != 2:
        raise PortalError(_CODE)
    pair = Fields(dict(zip(("lat", "lon"), said, strict=True)), _CODE)
    return Point(lat=pair.degrees("lat"), lon=pair.degrees("lon"))


def _words(fields: Fields, name: str, most: int, *, lines: bool = False) -> str:
    text = fields.text(name)
    if len(text) > most or fault(text, lines=lines):
        raise PortalError(_CODE)
    return text


def _recipient(text: str) -> str:
    try:
        public_key(text)
    except InvalidRequestError as err:
        raise PortalError(_CODE) from err
    return text


def _cell(said: Json) -> str:
    if not isinstance(said, str) or not CELL.fullmatch(said):
        raise PortalError(_CODE)
    return said
