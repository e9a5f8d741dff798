"""What browsers ask about the provider's brand: the logo, and the manifest that makes the portal installable."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal import routes
from portal.db import reading
from portal.http.threads import in_thread
from portal.services.brand import Brand, brand, logo

_YEAR = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"


async def _logo(_request: Request) -> Response:
    """The provider's logo; its address changes with it, so browsers may keep it."""
    found = await in_thread(_read_logo)
    if found is None:
        return Response(status_code=404)
    content, media_type = found
    # A logo is drawn in an <img>, never run: whatever an uploaded SVG holds, it may load nothing.
    headers = {
        "Cache-Control": _YEAR,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(content, media_type=media_type, headers=headers)


async def _manifest(_request: Request) -> Response:
    """The web app manifest in the provider's name and colour."""
    of = await in_thread(_read_brand)
    return JSONResponse(
        _manifest_of(of), media_type="application/manifest+json", headers={"Cache-Control": _HOUR}
    )


def _manifest_of(of: Brand) -> dict[str, object]:
    return {
        "name": of.name,
        "short_name": of.short_name,
        "id": routes.HOME,
        "start_url": routes.HOME,
        "scope": routes.HOME,
        "display": "standalone",
        "theme_color": of.color,
        "background_color": "#ffffff",
        "icons": [
            {"src": "/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
            {"src": "/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }


def _read_logo() -> tuple[bytes, str] | None:
    with reading() as db:
        return logo(db)


def _read_brand() -> Brand:
    with reading() as db:
        return brand(db)


ROUTES = [Route(routes.BRAND_LOGO, _logo), Route(routes.MANIFEST, _manifest)]
