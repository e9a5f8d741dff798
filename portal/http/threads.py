"""Blocking work of a request, off the event loop."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def in_thread(use_case: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """What it returns or raises."""
    return await anyio.to_thread.run_sync(partial(use_case, *given, **named))
