"""What happens to an error nobody expected, at the server and in a window: it is logged, never shown raw."""

import logging

from portal.errors import PortalError

_LONGEST = 300
_log = logging.getLogger(__name__)


def of_server(exception: Exception) -> None:
    """A handler failed. Its page says what it can say itself; a stack trace is nothing for a family."""
    if isinstance(exception, PortalError):
        _log.warning("an event was refused: %s", exception.message_key)
    else:
        _log.error("an event failed", exc_info=exception)


def of_window(exception: Exception) -> None:
    """A window reports an error of its own. It may write anything here, so the first line must do."""
    lines = str(exception).strip().splitlines()
    _log.error("a window reports: %r", lines[0][:_LONGEST] if lines else "")
