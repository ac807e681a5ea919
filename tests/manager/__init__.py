"""The manager without Home Assistant: real store, real spool, a world of our own."""
