"""The tables, by subject. Importing this package makes the whole metadata known."""

from portal.models import (
    access,
    banking,
    benefits,
    bookings,
    checkouts,
    classes,
    commerce,
    discounts,
    documents,
    messages,
    offers,
    people,
    privacy,
    provider,
)
from portal.models.base import Table

__all__ = [
    "Table",
    "access",
    "banking",
    "benefits",
    "bookings",
    "checkouts",
    "classes",
    "commerce",
    "discounts",
    "documents",
    "messages",
    "offers",
    "people",
    "privacy",
    "provider",
]
