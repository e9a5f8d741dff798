"""Letters that answer somebody who waits for them: the sign-in message, the codes of another e-mail address."""

from portal.messages import Sender, Written, rendered
from portal.messages.frame import Part, framed
from portal.messages.texts import answering, language
from portal.rules.sign_in import CHALLENGE_LIFE

_MINUTES = {"minutes": str(int(CHALLENGE_LIFE.total_seconds() // 60))}


def sign_in(sender: Sender, code: str, link: str, locale: str = "en") -> Written:
    """The sign-in message. The subject holds no code: subjects are kept, and shown on locked screens."""
    said = answering("sign_in", locale, {"provider": sender.name, **_MINUTES})
    return rendered(said["subject"], "sign_in", sender, language(locale), said=said, code=code, link=link)


def to_old_address(sender: Sender, code: str, new_email: str, account_url: str, locale: str) -> Written:
    """The code that proves the address somebody has, and what it is for."""
    said = _email_change(sender, locale, code=code, email=new_email)
    told = (said["old_code"], said["old_what"], said["old_not_you"])
    return _about_the_change(sender, said, told, account_url, locale)


def to_new_address(sender: Sender, code: str, account_url: str, locale: str) -> Written:
    """The code that proves the address somebody wants."""
    said = _email_change(sender, locale, code=code)
    return _about_the_change(sender, said, (said["new_code"], said["new_what"]), account_url, locale)


def _email_change(sender: Sender, locale: str, *, code: str, email: str = "") -> dict[str, str]:
    return answering(
        "email_change", locale, {"provider": sender.name, "code": code, "email": email, **_MINUTES}
    )


def _about_the_change(
    sender: Sender, said: dict[str, str], told: tuple[str, ...], account_url: str, locale: str
) -> Written:
    return framed(
        sender,
        said["title"],
        (Part(said["title"], told, said["button"], account_url),),
        language=language(locale),
        hello=said["hello"],
        why=said["why"],
        off=said["off"],
        preferences_url=account_url,
        off_url="",
        calendar="",
    )
