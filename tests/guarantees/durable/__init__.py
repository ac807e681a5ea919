"""A home in a small process of its own, to be killed at any system call."""
