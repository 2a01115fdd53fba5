"""Runs MiniStack so that SIGTERM always gets its state written, open connections or not."""

import asyncio.base_events
import runpy

import hypercorn.config


async def _wait_closed(_server):
    """From Python 3.12 on this waits for the last connection: with a WebSocket or a long poll open, for ever."""


asyncio.base_events.Server.wait_closed = _wait_closed

# Seconds that requests under way get to finish before the state is written.
hypercorn.config.Config.graceful_timeout = 0.5

runpy.run_module("ministack", run_name="__main__")
