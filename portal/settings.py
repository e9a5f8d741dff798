"""What the portal is told: typed, from the environment or NAME_FILE, refused where it would be unsafe."""

import os
import secrets
from collections.abc import Callable, Iterable
from fcntl import LOCK_EX, flock
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from portal.mail_route import MailRoute
from portal.safety import LOCAL_HOSTS, dangers

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The portal cannot start with these settings; `problems` names each setting and says what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def _starting_with(*starts: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if not value.startswith(starts):
            raise ValueError(f"must start with {' or '.join(starts)}")
        return value

    return checked


def _with_a_port(value: str) -> str:
    """The address, if what stands for its port is one: a bare / or # in a password ends the address too early."""
    try:
        urlsplit(value).port  # noqa: B018 - parsed when it is asked for
    except ValueError:
        raise ValueError(
            "has a port that is not a number; in a password / is written %2F, # %23, @ %40"
        ) from None
    return value


def _database(value: str) -> str:
    if value.startswith("sqlite:///") and value.removeprefix("sqlite:///") in ("", ":memory:"):
        raise ValueError("must name a file: sqlite:////srv/portal/portal.db")
    return value


def _site(value: str) -> str:
    parts = urlsplit(_with_a_port(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a web address such as https://portal.example")
    if parts.path.rstrip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be the site alone, without path, query or user name")
    return value.rstrip("/")


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise ValueError("must start with https:// (http:// only for an endpoint on this machine)")
    return value.rstrip("/")


def _mail(value: str | MailRoute) -> MailRoute:
    return MailRoute.parse(value) if isinstance(value, str) else value


def _networks(value: str | tuple[IPv4Network | IPv6Network, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(map(ip_network, value.replace(",", " ").split())) if isinstance(value, str) else value


def _demo_secret(known: dict[str, Any]) -> str:
    """The demo's own secret, made once and kept in the data directory; production has none by itself."""
    if not known["portal_demo"]:
        return ""
    file: Path = known["portal_data_dir"] / "secret"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as kept:
            # Of two commands at the first start one makes it; a start that was killed may have left it empty.
            flock(kept, LOCK_EX)
            found = kept.read()
            if not found:
                found = secrets.token_urlsafe(48)
                kept.write(found)
            return found
    except OSError as error:
        raise SettingsError([f"PORTAL_DATA_DIR cannot be used ({error.strerror})."]) from None


Site = Annotated[str, AfterValidator(_site)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
Database = Annotated[
    str,
    AfterValidator(_starting_with("sqlite:///", "postgresql://", "postgresql+psycopg://")),
    AfterValidator(_database),
    AfterValidator(_with_a_port),
]
Redis = Annotated[
    str, AfterValidator(_starting_with("redis://", "rediss://", "unix://")), AfterValidator(_with_a_port)
]
Mail = Annotated[MailRoute, NoDecode, BeforeValidator(_mail)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
Folder = Annotated[Path, AfterValidator(Path.absolute)]


class _NamedFiles(PydanticBaseSettingsSource):
    """Values kept in files: PORTAL_SECRET_FILE=/run/secrets/portal holds the value of PORTAL_SECRET."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = f"{field_name.upper()}_FILE"
        path = os.environ.get(name)
        if not path:
            return None, field_name, False
        if os.environ.get(field_name.upper()):
            raise SettingsError([f"{field_name.upper()} and {name} are both set. Keep one."])
        try:
            # An editor may have put a byte order mark in front.
            return Path(path).read_text(encoding="utf-8-sig").strip(), field_name, False
        except OSError as error:
            raise SettingsError([f"{name}: its file cannot be read ({error.strerror})."]) from None
        except UnicodeDecodeError:
            raise SettingsError([f"{name}: its file is not text in UTF-8."]) from None

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Every setting, checked. A field is called as its setting, in lower case."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    portal_demo: bool = False
    portal_data_dir: Folder = ROOT / "var"
    port: int = Field(default=8000, ge=1, le=65535)
    portal_url: Site = Field(default_factory=lambda known: f"http://localhost:{known['port']}")
    portal_secret: str = Field(default_factory=_demo_secret, repr=False)
    portal_now: AwareDatetime | None = None

    database_url: Database = Field(
        default_factory=lambda known: f"sqlite:///{known['portal_data_dir'] / 'portal.db'}", repr=False
    )
    redis_url: Redis | None = Field(default=None, repr=False)
    workers: int = Field(default=1, ge=1, le=64)
    events_per_second: int = Field(default=40, ge=1)
    """How many events one window may send; 15 times as many in a minute."""
    trusted_proxies: Networks = ()

    mail_url: Mail = MailRoute()
    mail_from: str | None = None
    resend_api_url: Endpoint | None = None
    resend_webhook_secret: str | None = Field(default=None, repr=False)

    stripe_secret_key: str | None = Field(default=None, repr=False)
    stripe_webhook_secret: str | None = Field(default=None, repr=False)
    stripe_api_base: Endpoint | None = None

    whatsapp_token: str | None = Field(default=None, repr=False)
    whatsapp_phone_id: str | None = None
    whatsapp_api_base: Endpoint | None = None

    @property
    def origins(self) -> list[str]:
        """The sites whose pages may open the live connection."""
        if not self.portal_demo:
            return [self.portal_url]
        return [self.portal_url, self.portal_url.replace("://localhost", "://127.0.0.1")]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What code says, then the environment, then files."""
        return init_settings, env_settings, _NamedFiles(settings_cls)


def read() -> Settings:
    """The settings of this process's environment, however dangerous; SettingsError names what makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_named(error)) from None


def load() -> Settings:
    """The same, safe to serve with; SettingsError names everything that is wrong with them."""
    settings = read()
    found = dangers(settings)
    if found:
        raise SettingsError(found)
    return settings


@cache
def current() -> Settings:
    """The settings this process started with."""
    return load()


def _named(error: ValidationError) -> list[str]:
    said = [fault for fault in error.errors() if fault["type"] != "default_factory_not_called"]
    return [f"{str(fault['loc'][0]).upper()} {_in_words(fault['msg'])}." for fault in said]


def _in_words(message: str) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    return message[0].lower() + message[1:]
