"""Reflex's own handlers that a window needs, each with the arguments it really sends. All others are closed.

`update_vars_internal` is closed too: no state keeps anything in cookies or local storage, so there is nothing
to send.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State
from reflex_base.utils.format import format_event_handler

from portal.state.policies import Flag, Policy, Rule, rule

_Hash = Annotated[str, Field(strict=True, max_length=64)]
_Hashes = Annotated[list[_Hash], Field(max_length=500)] | None
_NoVars = Annotated[dict[str, Any], Field(max_length=0)] | None
_Report = Annotated[str, Field(strict=True, max_length=20_000)]


def _rules() -> Mapping[str, Rule]:
    nothing, flag = rule(Policy.PUBLIC), rule(Policy.PUBLIC, value=Flag)
    boot = rule(Policy.PUBLIC, optional=True, vars=_NoVars, hashes=_Hashes)
    report = rule(Policy.PUBLIC, info=_Report, component_stack=_Report)
    return {
        _name(State, "hydrate"): nothing,
        _name(State, "hydrate_and_load"): boot,
        _name(State, "set_is_hydrated"): flag,
        _name(OnLoadInternalState, "on_load_internal"): nothing,
        _name(OnLoadInternalState, "set_is_hydrated"): flag,
        _name(FrontendEventExceptionState, "handle_frontend_exception"): report,
    }


def _name(state: type[State], handler: str) -> str:
    return format_event_handler(state.event_handlers[handler])


FRAMEWORK = _rules()
"""By full name, so that a handler of ours that happens to be called the same is not let through."""

BOOT = _name(State, "hydrate_and_load")
"""What a window sends first: it fills the window and loads its page."""
