import codecs

import pytest

from portal.documents.encodings import encoding_of

CENTRAL = [
    "Jiří Dvořák",
    "Kateřina Šimková",
    "Ľubica Kováčová",
    "Małgorzata Wójcik",
    "Kőszegi Ágnes",
    "Žofia Čechová",
    "Ťapák",
]
WESTERN = [
    "Hélène Béranger",
    "Søren Ødegård",
    "Åsa Ångström",
    "João Araújo",
    "Muñoz Peña",
    "Anaïs Lefèvre",
    "Gonçalves Simões",
]


@pytest.mark.parametrize("name", CENTRAL)
def test_a_central_european_name_is_read_in_cp1250(name: str) -> None:
    assert name.encode("cp1250").decode(encoding_of(name.encode("cp1250"))) == name


@pytest.mark.parametrize("name", WESTERN)
def test_a_western_name_is_read_in_cp1252(name: str) -> None:
    assert name.encode("cp1252").decode(encoding_of(name.encode("cp1252"))) == name


@pytest.mark.parametrize("names", [CENTRAL, WESTERN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_unicode_is_read_whatever_its_names(encoding: str, names: list[str]) -> None:
    text = "Full name;Email\n" + "\n".join(names)
    assert text.encode(encoding).decode(encoding_of(text.encode(encoding))) == text


def test_big_endian_with_its_mark_is_read() -> None:
    assert encoding_of(codecs.BOM_UTF16_BE + "Ľubica".encode("utf-16-be")) == "utf-16"


def test_plain_letters_are_utf_8() -> None:
    assert encoding_of(b"Full name,Email\nJana,jana@home.example\n") == "utf-8"


def test_letters_that_both_pages_share_are_read_right_either_way() -> None:
    name = "Jürgen Müller, José García"
    assert name.encode("cp1252").decode(encoding_of(name.encode("cp1252"))) == name
