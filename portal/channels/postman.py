"""Each letter by the way it is to go."""

from portal.channels.email import EmailSender, Letter, Refused
from portal.channels.whatsapp import Template, WhatsAppSender

WHATSAPP = "whatsapp"


class Postman:
    """E-mail by one sender, WhatsApp by another, where that is set up."""

    def __init__(self, email: EmailSender, whatsapp: WhatsAppSender | None = None) -> None:
        self._email = email
        self._whatsapp = whatsapp

    def send(self, letter: Letter) -> str:
        """The sender's own id of the accepted letter; Refused when it was not."""
        if letter.channel != WHATSAPP:
            return self._email.send(letter)
        if self._whatsapp is None:
            raise Refused("WhatsApp is not set up here", permanent=True)
        template = Template(letter.key, letter.kind, letter.to_address, letter.language, letter.text)
        return self._whatsapp.send(template)
