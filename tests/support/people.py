"""Who is in a running portal's data."""

from collections.abc import Iterator

from sqlmodel import col, select

from portal import db
from portal.models.people import Guardian
from tests.support.portal_server import PortalServer


def guardians(server: PortalServer) -> Iterator[str]:
    """The e-mails of its guardians, the ones without a name in the story first."""
    engine = db.bind(f"sqlite:///{server.folder}/portal.db")
    with db.reading() as session:
        emails = session.exec(select(Guardian.email).order_by(col(Guardian.id).desc())).all()
    engine.dispose()
    return iter(emails)
