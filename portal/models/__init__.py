"""The tables, by subject. Importing this package makes the whole metadata known."""

from portal.models import access, benefits, bookings, classes, commerce, messages, people, provider
from portal.models.base import Table

__all__ = ["Table", "access", "benefits", "bookings", "classes", "commerce", "messages", "people", "provider"]
