"""How e-mail leaves the house: one Protocol, and a sender for each form of MAIL_URL."""

from portal.channels.email import EmailSender, Letter, Refused
from portal.channels.log import LogSender
from portal.channels.registry import Post, sender_for

__all__ = ["EmailSender", "Letter", "LogSender", "Post", "Refused", "sender_for"]
