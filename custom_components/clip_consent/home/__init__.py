"""A home: requests come in, the owner decides, sealed clips go out."""
