"""Where people come to: what every use case that makes links or keys is told of this deployment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Desk:
    """The server's key, and the public address that links are built from."""

    key: str = ""
    public_url: str = ""
