"""Which sender a MAIL_URL means. A new way of sending is a module here and a line below."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.channels.email import EmailSender
from portal.channels.log import Keep, LogSender
from portal.channels.resend import ResendSender
from portal.channels.smtp import SmtpSender
from portal.channels.whatsapp import WhatsAppSender
from portal.mail_route import Kind, MailRoute


@dataclass(frozen=True)
class Post:
    """What the settings say about sending; `keep` is the demo's inbox, if there is one."""

    route: MailRoute
    mail_from: str = ""
    resend_api_url: str | None = None
    keep: Keep | None = None


_SENDERS: dict[Kind, Callable[[Post], EmailSender]] = {
    "log": lambda post: LogSender(post.keep),
    "smtp": lambda post: SmtpSender(post.route, post.mail_from),
    "smtps": lambda post: SmtpSender(post.route, post.mail_from),
    "resend": lambda post: ResendSender(post.route.key, post.mail_from, post.resend_api_url),
}


def sender_for(post: Post) -> EmailSender:
    """The sender for this route."""
    return _SENDERS[post.route.kind](post)


def whatsapp_for(token: str | None, phone_id: str | None, api: str | None) -> WhatsAppSender | None:
    """The WhatsApp sender, where both its settings are there."""
    return WhatsAppSender(token, phone_id, api) if token and phone_id else None
