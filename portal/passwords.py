"""Slow hashes with passlib's argon2: staff passwords and sign-in codes. The only module that knows how.

Hashing happens in a small pool of threads: however many people sign in at once, memory and processors stay
free for everybody else. Callers wait for their turn, in a thread themselves, never on the event loop.
"""

import os
from concurrent.futures import ThreadPoolExecutor

from passlib.context import CryptContext

from portal.keyed import keyed_hash

# 19 MiB twice over: the least advised for passwords, which people choose and attackers can guess offline.
_passwords = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19 * 1024,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# A code lives ten minutes, is tried five times, and is useless without the server's key. 8 MiB once (5 ms)
# keep somebody with both the table and the key from trying all 30 bits in time. Every request and every try
# can afford it, for an e-mail we know and for one we do not, so that both take equally long.
_codes = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=8 * 1024,
    argon2__time_cost=1,
    argon2__parallelism=1,
)
_pool = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="hashing")


def hash_password(password: str) -> str:
    """The salted hash to keep."""
    return _pool.submit(_passwords.hash, password).result()


def password_matches(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of this password; takes as long when there is none to compare with."""
    if kept is None:
        return _pool.submit(_passwords.dummy_verify).result()
    return _pool.submit(_passwords.verify, password, kept).result()


def hash_code(key: str, code: str) -> str:
    """The salted hash of HMAC(server key, code)."""
    return _pool.submit(_codes.hash, keyed_hash(key, "code", code)).result()


def code_matches(key: str, code: str, kept: str) -> bool:
    """Whether `kept` is the hash of this code under this key."""
    return _pool.submit(_codes.verify, keyed_hash(key, "code", code), kept).result()
