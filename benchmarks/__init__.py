"""Measures of speed and memory: always a ratio to what anybody else would do."""
