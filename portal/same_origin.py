"""One front-end build for every address: the browser asks the site it came from."""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

_ADDRESS = re.compile(r"""(["'`])(http|ws)s?://[^/"'`]+(/[^"'`]*)\1""")
_ORIGIN = {"http": "${location.origin}", "ws": "ws${location.protocol.slice(4)}//${location.host}"}


class SameOrigin(Plugin):
    """Takes the server's address out of the built files, before they are compressed."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Rewrite the one built file that holds addresses; fail the build if there is nothing to rewrite."""
        found = 0
        for file in static_dir.glob("assets/reflex-env-*.js"):
            code, changed = from_own_origin(file.read_text())
            file.write_text(code)
            found += changed
        if not found:
            raise RuntimeError(
                "The front-end build has no addresses to make relative: has Reflex moved them?"
            )


def from_own_origin(code: str) -> tuple[str, int]:
    """The script with every address made one of the page's own site, and how many there were."""
    return _ADDRESS.subn(lambda found: f"`{_ORIGIN[found[2]]}{found[3]}`", code)
