"""The demo's inbox: what the log sender would have sent, newest first."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portal.messages import Written
from portal.models.messages import DemoMail
from portal.rules.sign_in import ALPHABET

_CODE = re.compile(rf"^[^\n:]+: ([{ALPHABET}]{{3}}) ([{ALPHABET}]{{3}})$", re.MULTILINE)
"""Behind its name, in whatever language."""
_LINK = re.compile(r"^(https?://\S+)$", re.MULTILINE)
_MOST = 200


@dataclass(frozen=True)
class Mail:
    """One message as its reader sees it; `code` and `link` are empty where it has none."""

    to_address: str
    subject: str
    text: str
    html: str
    code: str
    link: str
    sent_at: datetime


def keep(db: Session, to_address: str, written: Written, now: datetime) -> None:
    """Put a message into the inbox."""
    db.add(
        DemoMail(
            to_address=to_address,
            subject=written.subject,
            body_text=written.text,
            body_html=written.html,
            sent_at=now,
        )
    )


def newest(db: Session, to_address: str = "") -> list[Mail]:
    """The last 200 messages to this address, or to anybody, newest first."""
    mails = select(DemoMail).order_by(col(DemoMail.id).desc()).limit(_MOST)
    if to_address:
        mails = mails.where(DemoMail.to_address == to_address.strip().lower())
    return [_read(mail) for mail in db.exec(mails).all()]


def _read(mail: DemoMail) -> Mail:
    code, link = _CODE.search(mail.body_text), _LINK.search(mail.body_text)
    found = "".join(code.groups()) if code else ""
    return Mail(
        mail.to_address,
        mail.subject,
        mail.body_text,
        mail.body_html,
        found,
        link[1] if link else "",
        mail.sent_at,
    )
