"""What a hub says of itself: on `/info`, and in its log whenever it changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from .hub_settings import HubSettings
from .limits import AREA, HUB, AreaLimits, Limits
from .serial import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTerms:
    """What a hub takes from neighbours, as far as a home has to know before it asks.

    What the hub does not say is as in the protocol.
    """

    window_min: int = int(HUB.window_min.total_seconds())
    window_max: int = int(HUB.window_max.total_seconds())
    window_age_max: int = int(HUB.window_age_max.total_seconds())
    title_max: int = HUB.title_max
    text_max: int = HUB.text_max
    area_min_km2: float = AREA.min_km2
    area_max_km2: float = AREA.max_km2

    @property
    def limits(self) -> Limits:
        """The limits that a request is held to."""
        return Limits(
            window_min=timedelta(seconds=self.window_min),
            window_max=timedelta(seconds=self.window_max),
            window_age_max=timedelta(seconds=self.window_age_max),
            title_max=self.title_max,
            text_max=self.text_max,
            area=AreaLimits(
                min_km2=self.area_min_km2,
                max_km2=self.area_max_km2,
                vertices_max=AREA.vertices_max,
            ),
        )


USUAL: Final = AskTerms()  # as the protocol has them


def read_ask_terms(said: Json) -> AskTerms:
    """Return the limits of `/info` that concern a neighbour; never laxer than ours."""
    limits, ours = said if isinstance(said, dict) else {}, USUAL

    def least(name: str, own: float) -> float:
        return max(own, _number(limits.get(name), own))

    def most(name: str, own: float) -> float:
        return min(own, _number(limits.get(name), own))

    return AskTerms(
        window_min=int(min(least("window_min_seconds", ours.window_min), _DAY)),
        window_max=int(most("window_max_seconds", ours.window_max)),
        window_age_max=int(most("window_age_max_seconds", ours.window_age_max)),
        title_max=int(most("title_max", ours.title_max)),
        text_max=int(most("text_max", ours.text_max)),
        area_min_km2=least("area_min_km2", ours.area_min_km2),
        area_max_km2=most("area_max_km2", ours.area_max_km2),
    )


_DAY = 86400  # seconds: a window that has to be longer is none that a home can ask for


def _number(said: Json, otherwise: float) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
        return otherwise
    return said


def terms_json(settings: HubSettings) -> dict[str, Json]:
    """Return the hub's words, cells and limits as everybody may read them.

    And the origin of the store that answers go to, if there is one: so it is a part of
    the public log, and no home sends to another one.
    """
    elsewhere: dict[str, Json] = {}
    if settings.storage:
        elsewhere["storage"] = settings.storage.origin
    return {
        **elsewhere,
        "name": settings.name,
        "operator": settings.operator,
        "contact": settings.contact,
        "cells": [*sorted(settings.cells)],
        "neighbours_may_ask": settings.neighbours_may_ask,
        "rules": settings.rules,
        "limits": _limits_json(settings),
    }


def _limits_json(settings: HubSettings) -> dict[str, Json]:
    limits, request = settings.limits, settings.limits.request
    area = request.area or AREA
    return {
        "area_min_km2": area.min_km2,
        "area_max_km2": area.max_km2,
        "vertices_max": area.vertices_max,
        "window_min_seconds": int(request.window_min.total_seconds()),
        "window_max_seconds": int(request.window_max.total_seconds()),
        "window_age_max_seconds": int(request.window_age_max.total_seconds()),
        "title_max": request.title_max,
        "text_max": request.text_max,
        "contact_max": request.contact_max,
        "case_number_max": request.case_number_max,
        "per_case_number": limits.per_case_number,
        "per_week": limits.per_week,
        "open_seconds": int(limits.open.total_seconds()),
        "drop_max_bytes": limits.drop_max_bytes,
    }
