"""Real servers for the tests, and a proxy that fails on purpose. All on loopback."""
