"""What was noticed while only looking: kept here, so that looking never has to write."""

from threading import Lock


class Noticed:
    """Ids, noted in this process since they were last written down."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._lock = Lock()

    def add(self, noticed_id: int) -> None:
        """It was noticed just now."""
        with self._lock:
            self._ids.add(noticed_id)

    def take(self) -> set[int]:
        """All of them, once."""
        with self._lock:
            taken, self._ids = self._ids, set()
        return taken
