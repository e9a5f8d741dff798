"""An HTML document of our own routes, outside the live app: the same stylesheets, the provider's colour."""

from html import escape

from portal.components.styles import STYLESHEETS
from portal.services.brand import Brand

_SHEETS = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in STYLESHEETS)


def document(title: str, of: Brand, body: str, *, nonce: str = "", head: str = "") -> str:
    """The whole page. `body` and `head` are HTML; `nonce` lets the colour through a content policy."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'<meta name="robots" content="noindex">{head}'
        f"<title>{escape(title)} · {escape(of.short_name)}</title>{_SHEETS}"
        f'<style nonce="{nonce}">:root{{--brand:{of.color}}}</style></head><body>{body}</body></html>'
    )
