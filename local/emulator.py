"""
Runs MiniStack for the local cloud: state is always written on SIGTERM, web pages are kept out, loopback is as good
as TLS, and events wait for their turn.
"""

import asyncio.base_events
import contextvars
import os
import runpy
import threading

import hypercorn.asyncio
import hypercorn.config
from ministack.core import iam_evaluator
from ministack.services import lambda_svc

# Taken out of the environment, which every function inherits.
DOOR_TOKEN = os.environ.pop("GALLERY_DOOR_TOKEN", "").encode()
DOOR_HEADER = b"x-gallery-door"
# Browsers send one of these with whatever a page of another origin asks for.
PAGE_HEADERS = {b"origin", b"sec-fetch-site"}


async def _wait_closed(_server):
    """From Python 3.12 on this waits for the last connection: with a WebSocket or a long poll open, for ever."""


asyncio.base_events.Server.wait_closed = _wait_closed

# Seconds that requests under way get to finish before the state is written.
hypercorn.config.Config.graceful_timeout = 0.5


def _for_door_and_programs(app):
    """Refuses what pages send here directly: only the front door knows which of it is harmless."""

    async def guarded(scope, receive, send):
        headers = scope.get("headers", [])
        is_door = any(name == DOOR_HEADER and DOOR_TOKEN and value == DOOR_TOKEN for name, value in headers)
        is_page = any(name in PAGE_HEADERS for name, _ in headers)
        if is_page and not is_door:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"Ask the front door."})
            return
        if "headers" in scope:
            scope = {**scope, "headers": [pair for pair in headers if pair[0] != DOOR_HEADER]}
        await app(scope, receive, send)

    return guarded


_serve = hypercorn.asyncio.serve
hypercorn.asyncio.serve = lambda app, *rest, **named: _serve(_for_door_and_programs(app), *rest, **named)

_pin_request_origin = iam_evaluator.pin_request_origin
# Policies that ask for `aws:SecureTransport`, as on AWS, would otherwise deny everything that comes over loopback,
# and what a service delivers in its own name outside of any request.
iam_evaluator.pin_request_origin = lambda source_ip, _secure: _pin_request_origin(source_ip, True)
iam_evaluator._request_origin = contextvars.ContextVar("request_origin", default=("127.0.0.1", True))

# How many functions work off events at once. Each is a process: a burst of events would start hundreds, where AWS, too,
# keeps what is above the account's concurrency until there is room.
_turns = threading.BoundedSemaphore(max(4, 2 * (os.cpu_count() or 1)))
_is_event = contextvars.ContextVar("is_event", default=False)
_invoke_async = lambda_svc.invoke_async_with_retry
_execute = lambda_svc._execute_function


def _invoke_in_turn(*args, **named):
    token = _is_event.set(True)
    try:
        # It runs in a thread of its own, with a copy of this context.
        _invoke_async(*args, **named)
    finally:
        _is_event.reset(token)


def _execute_in_turn(*args, **named):
    if not _is_event.get():
        return _execute(*args, **named)
    with _turns:
        return _execute(*args, **named)


lambda_svc.invoke_async_with_retry = _invoke_in_turn
lambda_svc._execute_function = _execute_in_turn

runpy.run_module("ministack", run_name="__main__")
