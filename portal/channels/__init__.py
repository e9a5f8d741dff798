"""How messages leave the house: one Protocol, a sender for each form of MAIL_URL, WhatsApp beside."""

from portal.channels.email import EmailSender, Letter, Refused
from portal.channels.log import LogSender
from portal.channels.postman import Postman
from portal.channels.registry import Post, sender_for

__all__ = ["EmailSender", "Letter", "LogSender", "Post", "Postman", "Refused", "sender_for"]
