"""A check of our own: an answer to one workspace never names anything of another."""

import os

import schemathesis

FOREIGN = [name for name in os.environ.get("HORTUS_FUZZ_FOREIGN", "").split(",") if name]


@schemathesis.check
def nothing_foreign(ctx, response, case):
    text = response.content.decode("utf-8", errors="replace").lower()
    asked = f"{response.request.url} {response.request.headers} {response.request.body}".lower()
    for name in FOREIGN:
        assert name not in text or name in asked, f"{name} is of another workspace"
