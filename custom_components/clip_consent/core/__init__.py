"""The pure core: what has a right answer without the world."""
