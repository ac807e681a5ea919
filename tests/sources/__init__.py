"""Tests of the sources of recordings."""
