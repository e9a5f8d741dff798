"""Settings: what is refused, in which words, and that no refusal shows a value."""

from pathlib import Path

import pytest

from portal.mail_route import MailRoute
from portal.settings import Settings, SettingsError, load

SECRET = "x7Qm2LpV9sKd4RtY8wZb3NcF6hJg1AeU"
SAFE = {
    "PORTAL_URL": "https://portal.example",
    "PORTAL_SECRET": SECRET,
    "MAIL_URL": "smtp://post:p%40ss@mail.example",
    "MAIL_FROM": "Otterbrook <hello@portal.example>",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **said: str) -> Settings:
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return load()


def problems(monkeypatch: pytest.MonkeyPatch, **said: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, **said)
    return refused.value.problems


def demo(folder: Path, **said: str) -> dict[str, str]:
    return {"PORTAL_DEMO": "1", "PORTAL_DATA_DIR": str(folder), **said}


def test_a_demo_needs_no_setting_and_keeps_its_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = loaded(monkeypatch, **demo(tmp_path / "var"))
    assert len(first.portal_secret) >= 32
    assert load().portal_secret == first.portal_secret
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert first.portal_url == "http://localhost:8000"
    assert first.database_url == f"sqlite:///{tmp_path}/var/portal.db"


def test_the_address_of_a_demo_follows_its_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert loaded(monkeypatch, **demo(tmp_path, PORT="8123")).portal_url == "http://localhost:8123"


def test_production_starts_with_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, **SAFE)
    assert settings.mail_url == MailRoute("smtp", "mail.example", 587, "post", "p@ss")
    assert settings.origins == ["https://portal.example"]


def test_production_without_settings_hears_of_every_one_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems(monkeypatch)
    assert [line.split()[0] for line in said] == ["PORTAL_SECRET", "PORTAL_URL", "MAIL_URL"]


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"PORTAL_SECRET": ""}, "PORTAL_SECRET is missing"),
        ({"PORTAL_SECRET": SECRET[:31]}, "PORTAL_SECRET is shorter than 32"),
        ({"PORTAL_SECRET": "ab" * 20}, "PORTAL_SECRET is a placeholder"),
        ({"PORTAL_SECRET": "change-me-" + SECRET}, "PORTAL_SECRET is a placeholder"),
        ({"PORTAL_URL": "http://portal.example"}, "PORTAL_URL must be the public address"),
        ({"PORTAL_URL": "http://localhost:8000"}, "PORTAL_URL must be the public address"),
        ({"PORTAL_URL": "https://portal.example/app"}, "PORTAL_URL must be the site alone"),
        ({"PORTAL_URL": "portal.example"}, "PORTAL_URL must be a web address"),
        ({"PORTAL_NOW": "2026-03-12T14:10:00+01:00"}, "PORTAL_NOW moves the clock"),
        ({"MAIL_URL": "log:"}, "MAIL_URL is missing or log:"),
        ({"MAIL_URL": "carrier-pigeon://x"}, "MAIL_URL must be log:, smtp://"),
        ({"MAIL_URL": "smtps://"}, "MAIL_URL needs a host"),
        ({"MAIL_URL": "smtp://mail.example:99999"}, "MAIL_URL has a port"),
        ({"MAIL_URL": "resend://"}, "MAIL_URL needs the key"),
        ({"MAIL_FROM": ""}, "MAIL_FROM is missing"),
        ({"MAIL_FROM": "Otterbrook Classes"}, "MAIL_FROM holds no e-mail address"),
        ({"WORKERS": "2"}, "WORKERS is more than 1 without REDIS_URL"),
        ({"WORKERS": "none"}, "WORKERS should be"),
        ({"DATABASE_URL": "mysql://portal@db"}, "DATABASE_URL must start with"),
        ({"DATABASE_URL": "postgresql://portal:a/b@db/portal"}, "DATABASE_URL has a port"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL must name a file"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name a file"),
        ({"REDIS_URL": "redis://redis:none"}, "REDIS_URL has a port"),
        ({"PORTAL_URL": "https://portal.example:none"}, "PORTAL_URL has a port"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL must start with"),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, "STRIPE_WEBHOOK_SECRET is missing"),
        ({"STRIPE_API_BASE": "http://stripe.example"}, "STRIPE_API_BASE must start with https://"),
        ({"WHATSAPP_TOKEN": "t"}, "WHATSAPP_TOKEN and WHATSAPP_PHONE_ID belong together"),
        ({"PORT": "0"}, "PORT should be"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], begins: str) -> None:
    said = problems(monkeypatch, **{**SAFE, **changed})
    assert len(said) == 1
    assert said[0].startswith(begins)


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"PORTAL_URL": "http://portal.example"}, "PORTAL_URL must start with https://"),
        (
            {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"},
            "STRIPE_SECRET_KEY is a live key",
        ),
        ({"PORTAL_SECRET": "short"}, "PORTAL_SECRET is shorter"),
        ({"PORTAL_NOW": "2026-03-12T14:10:00"}, "PORTAL_NOW should have timezone info"),
    ],
)
def test_a_demo_refuses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: dict[str, str], begins: str
) -> None:
    said = problems(monkeypatch, **demo(tmp_path, **changed))
    assert len(said) == 1
    assert said[0].startswith(begins)


def test_a_value_may_be_kept_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    safe = {**SAFE, "PORTAL_SECRET_FILE": str(tmp_path / "secret")}
    del safe["PORTAL_SECRET"]
    assert loaded(monkeypatch, **safe).portal_secret == SECRET


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = problems(monkeypatch, MAIL_URL_FILE=str(tmp_path / "none"))
    assert said == ["MAIL_URL_FILE: its file cannot be read (No such file or directory)."]


def test_a_file_may_begin_with_a_byte_order_mark_and_must_be_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"\xef\xbb\xbfhttps://portal.example\n")
    safe = {**SAFE, "PORTAL_URL_FILE": str(file)}
    del safe["PORTAL_URL"]
    assert loaded(monkeypatch, **safe).portal_url == "https://portal.example"

    file.write_bytes(b"\xff\xfe\x00")
    assert problems(monkeypatch, **safe) == ["PORTAL_URL_FILE: its file is not text in UTF-8."]


def test_an_empty_secret_of_a_demo_that_was_killed_is_made_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("")
    assert loaded(monkeypatch, **demo(tmp_path)).portal_secret == load().portal_secret


def test_a_value_and_its_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = problems(monkeypatch, **SAFE, PORTAL_SECRET_FILE=str(tmp_path / "secret"))
    assert said == ["PORTAL_SECRET and PORTAL_SECRET_FILE are both set. Keep one."]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "MAIL_URL", "STRIPE_API_BASE", "PORTAL_URL"])
def test_no_refusal_shows_what_was_given(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert "hunter2" not in " ".join(problems(monkeypatch, **{**SAFE, name: "wrong://user:hunter2@host"}))


def test_printed_settings_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {
        "DATABASE_URL": "postgresql://portal:hunter2@db/portal",
        "REDIS_URL": "redis://:hunter2@redis",
        "MAIL_URL": "smtp://post:hunter2@mail.example",
        "STRIPE_SECRET_KEY": "sk_hunter2",
        "STRIPE_WEBHOOK_SECRET": "whsec_hunter2",
        "WHATSAPP_TOKEN": "hunter2",
        "WHATSAPP_PHONE_ID": "1",
    }
    printed = repr(loaded(monkeypatch, **{**SAFE, **held}))
    assert "hunter2" not in printed
    assert SECRET not in printed
