"""A Home Assistant that serves recordings, for forms that look at them."""

from tests.sources.served import disable_http_server, film, home

__all__ = ["disable_http_server", "film", "home"]
