"""The edges, in the test harness of Home Assistant."""
