"""The words Otterbrook asks its families to agree to."""

from portal.services.consents import NewConsent

PRIVACY, PHOTOS, NEWS = "privacy", "photos", "news"

_PRIVACY = """Otterbrook Classes keeps your family's names, contact details, dates of birth, bookings and
payments.

We need them to run your classes: to know who is coming, to tell you when something changes, and
to keep the accounts that the law asks of us. Health notes are seen only by the people who teach
your child.

We keep bookings for three years after the last class and accounting papers for ten. You can
see, correct and take away everything we hold, ask us to erase it, or complain to the data
protection authority."""

_PHOTOS = """Now and then we take photos in class and use them on the Otterbrook website. A child whose
family has not agreed is never in them. You can take this back at any time; photos on our
website go within a week."""

_NEWS = """About once a month we write about new terms, camps and offers. Every message has a link that
stops them. Messages about your own classes are not news: they come either way."""

CONSENTS = (
    NewConsent(
        PRIVACY, "Terms and privacy", "I have read the terms and the privacy notice.", _PRIVACY, True, 1
    ),
    NewConsent(
        PHOTOS,
        "Photos in class",
        "My children may be in photos on the Otterbrook website.",
        _PHOTOS,
        False,
        2,
    ),
    NewConsent(NEWS, "News by e-mail", "About once a month: new terms, camps and offers.", _NEWS, False, 3),
)
