"""Tests of the protocol between homes, requesters and a hub."""
