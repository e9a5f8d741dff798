"""Which addresses from the database may become a link on a family's screen."""

from urllib.parse import urlsplit


def web_address(address: str) -> str:
    """The address if it is a plain web page (http or https, with a host), else nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.hostname else ""
