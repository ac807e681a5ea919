"""A hub without Home Assistant."""
