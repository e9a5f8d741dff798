import logging

import pytest

from portal.channels import Letter, LogSender

LETTER = Letter(
    "b7x", "sign_in", "nora@vale.example", "Sign in to Otterbrook", "Your code: 7KQ 4MX", "<p>7KQ 4MX</p>"
)


def test_the_log_tells_neither_address_nor_code(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kept: list[Letter] = []
    LogSender(kept.append).send(LETTER)

    assert caplog.messages == ["a sign_in message to a guardian"]
    assert kept == [LETTER]
    assert "nora" not in repr(LETTER)
    assert "7KQ" not in repr(LETTER)
