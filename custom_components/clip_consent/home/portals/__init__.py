"""Where requests come from and sealed clips go."""
