"""No mail server: the log says that there was a letter, and the demo's inbox shows it."""

import logging
from collections.abc import Callable

from portal.channels.email import Letter

_log = logging.getLogger(__name__)

Keep = Callable[[Letter], None]


class LogSender:
    """Says that a letter was sent, not to whom and not what; `keep` shows it in the demo's inbox."""

    def __init__(self, keep: Keep | None = None) -> None:
        self._keep = keep

    def send(self, letter: Letter) -> str:
        """Always accepted."""
        _log.info("a %s message to a guardian", letter.kind)
        if self._keep is not None:
            self._keep(letter)
        return f"log:{letter.key}"
