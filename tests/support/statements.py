"""Bank statements as banks write them: camt.053 in each of its versions, and CSV."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

VERSIONS = tuple(f"{number:02d}" for number in range(2, 9))
ACCOUNT = "SK3112000000198742637541"


@dataclass(frozen=True)
class Paid:
    """One entry of a statement; what a test does not name is left out, as banks do."""

    amount: str = "62.00"
    day: str = "2026-03-11"
    message: str = ""
    payer: str = "Nora Vale"
    iban: str = "SK6807200002891987426353"
    symbol: str = ""
    bank_id: str = ""
    currency: str = "EUR"
    direction: str = "CRDT"
    status: str = "BOOK"
    reversal: bool = False


def camt(*entries: Paid, version: str = "02") -> bytes:
    """A statement of this version."""
    name = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    body = "".join(_entry(one, version) for one in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{name}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId>'
        f"<CreDtTm>2026-03-12T06:00:00</CreDtTm></GrpHdr><Stmt><Id>2026-71</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id>"
        f"<Ccy>EUR</Ccy></Acct>{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def batch(version: str, *parts: Paid, total: str, bank_id: str = "B1") -> bytes:
    """A statement with one entry that several people paid."""
    details = "".join(_details(one, version, with_amount=True) for one in parts)
    entry = (
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{_status("BOOK", version)}'
        f"<BookgDt><Dt>2026-03-11</Dt></BookgDt><AcctSvcrRef>{bank_id}</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )
    return camt(version=version).replace(b"</Stmt>", entry.encode() + b"</Stmt>")


def _entry(one: Paid, version: str) -> str:
    own = f"<AcctSvcrRef>{one.bank_id}</AcctSvcrRef>" if one.bank_id else ""
    back = "<RvslInd>true</RvslInd>" if one.reversal else ""
    return (
        f'<Ntry><Amt Ccy="{one.currency}">{one.amount}</Amt><CdtDbtInd>{one.direction}</CdtDbtInd>{back}'
        f"{_status(one.status, version)}<BookgDt><Dt>{one.day}</Dt></BookgDt>{own}"
        f"<NtryDtls>{_details(one, version)}</NtryDtls></Ntry>"
    )


def _status(status: str, version: str) -> str:
    """A word of its own until version 07, a code within from 08 on."""
    return f"<Sts><Cd>{status}</Cd></Sts>" if version == "08" else f"<Sts>{status}</Sts>"


def _details(one: Paid, version: str, *, with_amount: bool = False) -> str:
    name = f"<Nm>{escape(one.payer)}</Nm>"
    party = f"<Pty>{name}</Pty>" if version == "08" else name
    amount = f'<Amt Ccy="{one.currency}">{one.amount}</Amt>'
    said = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>" if version in ("02", "03") else amount
    end_to_end = f"/VS{one.symbol}/SS/KS" if one.symbol else "NOTPROVIDED"
    message = f"<RmtInf><Ustrd>{escape(one.message)}</Ustrd></RmtInf>" if one.message else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{said if with_amount else ''}"
        f"<RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><IBAN>{one.iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"{message}</TxDtls>"
    )
