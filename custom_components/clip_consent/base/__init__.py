"""Tools that a home and a hub share."""
