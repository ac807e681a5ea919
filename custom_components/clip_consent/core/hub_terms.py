"""What a hub says of itself: on `/info`, and in its log whenever it changes."""

from .hub_settings import HubSettings
from .limits import AREA
from .serial import Json


def terms_json(settings: HubSettings) -> dict[str, Json]:
    """Return the hub's words, cells and limits as everybody may read them."""
    return {
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
