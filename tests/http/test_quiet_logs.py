import logging
import time
from collections.abc import Iterator

import pytest

from portal.http import quiet_logs

CANARIES = [
    "nora@demo.example",
    "kNcUqYH0s3cret",
    "0b5b4f0a-5a55-4b9e-9d52-0a4f4f6d1c11",
    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
]


@pytest.fixture(autouse=True)
def _cleaned() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    quiet_logs.install()
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("logger", "message"),
    [
        ("portal", "signed in nora@demo.example"),
        ("portal", "GET /auth/link/kNcUqYH0s3cret"),
        ("portal", "GET /calendar/kNcUqYH0s3cret.ics 200"),
        ("portal", "GET /login?token=kNcUqYH0s3cret&next=/"),
        ("httpx", "HTTP Request: POST https://api.example/send?key=kNcUqYH0s3cret 200"),
        ("reflex.app", "No token provided in session. Event data: {'who': 'kNcUqYH0s3cret'}"),
        ("reflex.app", "Event data must be a dictionary, but received kNcUqYH0s3cret of type str"),
        ("reflex_base.x", "headers={'host': 'x', 'cookie': 'portal_session=kNcUqYH0s3cret', 'more': 1}"),
        ("reflex_base.x", "Event(name='a', payload={'text': 'kNcUqYH0s3cret'})"),
        ("reflex.app", "delta to disconnected client '0b5b4f0a-5a55-4b9e-9d52-0a4f4f6d1c11'"),
        ("reflex.x", "Lock for 0b5b4f0a-5a55-4b9e-9d52-0a4f4f6d1c11_reflex___state was held too long"),
        ("portal", "Cookie: __Host-portal_session=kNcUqYH0s3cret"),
        ("portal", "authorization 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae:"),
    ],
)
def test_a_line_says_what_happened_and_nothing_of_people(
    caplog: pytest.LogCaptureFixture, logger: str, message: str
) -> None:
    logging.getLogger(logger).warning(message)

    assert caplog.text
    assert [canary for canary in CANARIES if canary in caplog.text] == []


def test_arguments_and_tracebacks_are_cleaned_too(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("nora@demo.example")
    except ValueError:
        logging.getLogger("portal").exception("failed for %s", "nora@demo.example")

    assert "ValueError: invalid literal for int() with base 10: '<e-mail>'" in caplog.text
    assert "nora@" not in caplog.text


def test_a_line_whose_arguments_do_not_fit_is_still_written(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("portal").warning("two %s %s", "one")  # noqa: PLE1206 - that is what it is about

    assert "two" in caplog.text


def test_an_ordinary_line_is_left_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("portal").warning("12 messages sent in 0.4 s, 3 wait; see /healthz")

    assert "12 messages sent in 0.4 s, 3 wait; see /healthz" in caplog.text


@pytest.mark.parametrize(
    "part",
    ["x", "/", "a@", "x.", "?", "/a?", "0b5b4f0a-", "é", "\n", "code", "token=", "cookie: ", "argument '"],
)
def test_endless_lines_end_and_take_no_time(caplog: pytest.LogCaptureFixture, part: str) -> None:
    begun = time.process_time()
    logging.getLogger("reflex").warning(part * 100_000)

    assert time.process_time() - begun < 0.5
    assert len(caplog.text) < quiet_logs.LONGEST + 200
