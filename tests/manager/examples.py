"""Spans, places and addresses that the manager's tests ask for."""

from datetime import timedelta

from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import Destination, Way, Window

from .world import NOON

SPAN = Window(start=NOON - timedelta(minutes=58), end=NOON - timedelta(minutes=57))

AREA = Circle(center=Point(lat=52.1, lon=4.3), radius=250)

UPLOAD = Destination(way=Way.TUS, url="https://example.org/files")
