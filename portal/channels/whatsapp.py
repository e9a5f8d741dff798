"""WhatsApp through Meta's Cloud API: only templates may open a conversation, so that is what is sent."""

from dataclasses import dataclass, field

import httpx

from portal.channels.email import Refused

API = "https://graph.facebook.com/v21.0"
TIMEOUT = 20.0
_LATER = {401, 403, 408, 429}
"""A bad key, a spent limit: put right in time. Other 4xx are a fault of the message itself."""


@dataclass(frozen=True)
class Template:
    """One message: the kind is the name of the provider's approved template, whose only parameter is the words."""

    key: str
    kind: str
    to_phone: str = field(repr=False)
    language: str
    words: str = field(repr=False)


class WhatsAppSender:
    """Sends with the provider's phone number id and token."""

    def __init__(
        self, token: str, phone_id: str, api: str | None = None, *, timeout: float = TIMEOUT
    ) -> None:
        self._url = f"{api or API}/{phone_id}/messages"
        self._client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=timeout)

    def send(self, message: Template) -> str:
        """WhatsApp's id of the message; Refused when it was not accepted."""
        try:
            said = self._client.post(self._url, json=_body(message))
        except httpx.HTTPError as error:
            raise Refused(f"WhatsApp did not answer ({type(error).__name__})", permanent=False) from None
        if said.is_success:
            return _id_of(said)
        permanent = said.is_client_error and said.status_code not in _LATER
        raise Refused(f"{said.status_code} {_reason(said)}", permanent=permanent)


def _body(message: Template) -> dict[str, object]:
    words = {"type": "text", "text": " ".join(message.words.split())}
    return {
        "messaging_product": "whatsapp",
        "to": message.to_phone.lstrip("+"),
        "type": "template",
        "biz_opaque_callback_data": message.key,
        "template": {
            "name": message.kind,
            "language": {"code": message.language},
            "components": [{"type": "body", "parameters": [words]}],
        },
    }


def _id_of(said: httpx.Response) -> str:
    try:
        return str(said.json()["messages"][0]["id"])
    except (ValueError, LookupError, TypeError):
        raise Refused("WhatsApp’s answer could not be read", permanent=False) from None


def _reason(said: httpx.Response) -> str:
    try:
        return str(said.json()["error"]["message"])
    except (ValueError, LookupError, TypeError):
        return said.reason_phrase
