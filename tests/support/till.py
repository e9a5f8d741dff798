"""A gateway's own books: what it has taken and given back, and everything it has ever said of it."""

from dataclasses import dataclass, field

from portal.gateways import Present, Standing

_MAY = {
    Standing.OPEN: frozenset(Standing),
    Standing.PROCESSING: frozenset({Standing.PAID, Standing.EXPIRED}),
    Standing.PAID: frozenset(),
    Standing.EXPIRED: frozenset(),
}


@dataclass
class Visit:
    """One visit; `said` are its states one after the other, of which any may arrive late, or again."""

    external_id: str
    key: str
    amount_minor: int
    standing: Standing = Standing.OPEN
    paid_minor: int = 0
    refunded_minor: int = 0
    said: list[Present] = field(default_factory=list)
    _given: set[str] = field(default_factory=set)

    def becomes(self, standing: Standing) -> bool:
        """What the payer does there; False where it is too late for that."""
        if standing not in _MAY[self.standing]:
            return False
        self.standing = standing
        if standing is Standing.PAID:
            self.paid_minor = self.amount_minor
        self._say()
        return True

    def gives_back(self, amount_minor: int, key: str = "") -> bool:
        """A refund, once for each key; False when there is not as much left."""
        if key and key in self._given:
            return True
        if not 0 < amount_minor <= self.paid_minor - self.refunded_minor:
            return False
        self._given |= {key} - {""}
        self.refunded_minor += amount_minor
        self._say()
        return True

    def _say(self) -> None:
        amounts = self.paid_minor, self.refunded_minor
        given = frozenset(self._given)
        self.said.append(Present(self.external_id, self.key, self.standing, *amounts, "EUR", given))
