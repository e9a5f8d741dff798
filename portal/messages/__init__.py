"""What messages say: subject, text and HTML from the templates beside this file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from portal.messages.colour import on

_templates = SandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Written:
    """A message ready to be sent."""

    subject: str
    text: str
    html: str
    off_url: str = ""
    """Where one tap switches messages like this off (List-Unsubscribe); empty for what is essential."""
    calendar: str = ""
    """An iCalendar file that goes with it; empty for none."""
    language: str = "en"


class Sender(Protocol):
    """Whose message it is."""

    @property
    def name(self) -> str:
        """The provider's name."""

    @property
    def color(self) -> str:
        """The provider's colour, as #rrggbb."""


def rendered(subject: str, template: str, sender: Sender, language: str, **values: object) -> Written:
    """The templates of this name, filled, in the sender's name and colour."""
    around = {
        "provider": sender.name,
        "color": sender.color,
        "on_color": on(sender.color),
        "subject": subject,
        "language": language,
    }
    text, html = (
        _templates.get_template(f"{template}.{kind}").render(**around, **values) for kind in ("txt", "html")
    )
    return Written(" ".join(subject.split()), text, html, language=language)
