"""Newline-delimited JSON for schemathesis: the schema is an array, each element of it is a line."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    rows = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(row) for row in rows).encode()


@schemathesis.deserializer("application/x-ndjson")
def rows(ctx, response):
    return [json.loads(line) for line in response.content.splitlines() if line.strip()]
