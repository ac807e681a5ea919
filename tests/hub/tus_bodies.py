"""What schemathesis is told before it runs: how bodies of tus are written."""

import schemathesis

schemathesis.serializer.alias(
    "application/offset+octet-stream", "application/octet-stream"
)
