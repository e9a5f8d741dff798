"""Keyed hashes: what the server can compare and nobody else can compute."""

import hashlib
import hmac


def keyed_hash(key: str, purpose: str, value: str) -> str:
    """HMAC-SHA256 in hexadecimal; a value hashed for one purpose says nothing about another."""
    return hmac.new(key.encode(), f"{purpose}\n{value}".encode(), hashlib.sha256).hexdigest()
