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
        # But for the one who has not answered the consents: everybody else is led to the page they asked for.
        answered = select(Guardian.email).where(Guardian.email != "new@demo.example")
        emails = session.exec(answered.order_by(col(Guardian.id).desc())).all()
    engine.dispose()
    return iter(emails)
