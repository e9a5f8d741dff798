from portal import passwords

KEY = "the server's key"


def test_a_password_matches_its_own_hash_alone() -> None:
    kept = passwords.hash_password("otter and heron")

    assert passwords.password_matches("otter and heron", kept)
    assert not passwords.password_matches("otter and hero", kept)
    assert not passwords.password_matches("anything", None)


def test_the_same_code_is_never_kept_twice_the_same() -> None:
    assert passwords.hash_code(KEY, "7KQ4MX") != passwords.hash_code(KEY, "7KQ4MX")


def test_a_kept_code_is_worth_nothing_without_the_servers_key() -> None:
    kept = passwords.hash_code(KEY, "7KQ4MX")

    assert passwords.code_matches(KEY, "7KQ4MX", kept)
    assert not passwords.code_matches("another key", "7KQ4MX", kept)
    assert kept.startswith("$argon2id$")
