"""Refusals. Each is a class with a message key; the screen finds its words by the key."""


class PortalError(Exception):
    """A refusal a person can understand: why, and what to do next."""

    message_key = "error.unexpected"

    def __init__(self, message_key: str | None = None, **values: object) -> None:
        """`values` fill the placeholders of the message."""
        self.message_key = message_key or self.message_key
        self.values = values
        super().__init__(self.message_key)


class NotFound(PortalError):
    """It does not exist, or it is not theirs: both look the same."""

    message_key = "error.not_found"


class SignedOut(PortalError):
    """There is no valid login session behind this request."""

    message_key = "error.signed_out"


class NotAllowed(PortalError):
    """The actor is known and may not do this."""

    message_key = "error.not_allowed"


class DatabaseUnavailable(PortalError):
    """The database cannot be reached."""

    message_key = "error.database_unavailable"


class SchemaOutOfDate(PortalError):
    """The database's tables are not those of this version."""

    message_key = "error.schema_out_of_date"
