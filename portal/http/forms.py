"""What is sent to our routes, read no further than allowed: small forms of browsers, messages of services."""

from http import HTTPStatus
from urllib.parse import parse_qsl

from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST = 8 * 1024
"""Bytes: an e-mail, a code, a path."""


async def fields(request: Request) -> dict[str, str]:
    """The fields of an urlencoded form or a JSON object of texts, each once."""
    return dict(await pairs(request))


async def pairs(request: Request) -> list[tuple[str, str]]:
    """The same, names may repeat; 413 for more than `MOST` bytes, 400 for neither form nor JSON."""
    said = await body(request, MOST)
    try:
        return _parsed(said, request.headers.get("content-type", ""))
    except (ValueError, RecursionError):
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None


async def body(request: Request, most: int) -> bytes:
    """The raw body; 413 as soon as it is more than `most` bytes, whatever the request says of its length."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(read)


def _parsed(body: bytes, content_type: str) -> list[tuple[str, str]]:
    if not content_type.startswith("application/json"):
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=60)
    said = TypeAdapter(dict[str, str]).validate_json(body)
    return list(said.items())
