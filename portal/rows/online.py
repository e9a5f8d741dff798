"""Paying online: the button, what the credit would do, and what is told after a visit to the gateway."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PayOnline:
    """A form that begins a visit. `payments` are what it pays, empty for no form.

    The button says `label`, and `with_credit` while the credit is switched on; `credit` is empty where there is none.
    `only_credit` is "yes" where the credit alone can pay it. `why` says why there is no form.
    """

    payments: str = ""
    label: str = ""
    with_credit: str = ""
    credit: str = ""
    credit_switch: str = ""
    note: str = ""
    only_credit: str = ""
    why: str = ""
    shown: str = ""
    """What is to pay, in minor units: a press is refused when it has become more."""


@dataclass(frozen=True)
class Told:
    """What a family is told when it comes back from paying, or when paying was refused."""

    title: str = ""
    words: str = ""
    tone: str = ""
    icon: str = "circle-alert"
