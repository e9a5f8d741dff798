import pytest

from portal.documents import csv_in
from portal.documents.csv_in import Empty, FileTooLarge, Sheet, Unreadable
from portal.rules.family_rows import is_known


def read(text: str | bytes, encoding: str = "") -> Sheet:
    return csv_in.read(text if isinstance(text, bytes) else text.encode(), is_known, encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_makes_columns(delimiter: str) -> None:
    sheet = read(
        delimiter.join(["Full name", "Email", "Notes, remarks; etc"][:2])
        + "\n"
        + delimiter.join(["Jana", "j@x.example"])
    )
    assert sheet.delimiter == delimiter
    assert sheet.lines[0].cells == {"Full name": "Jana", "Email": "j@x.example"}


def test_commas_inside_quotes_and_semicolons_between_them() -> None:
    sheet = read('"Full name";"Email";"Address"\n"Jana";"j@x.example";"4, Quay Street, Bratislava"\n')
    assert (sheet.delimiter, sheet.lines[0].cells["Address"]) == (";", "4, Quay Street, Bratislava")


def test_a_row_is_numbered_as_an_editor_counts_even_after_a_cell_of_two_lines() -> None:
    sheet = read('Full name,Email\n\n"Jana\nK.",j@x.example\nPeter,p@x.example\n\n')
    assert [line.number for line in sheet.lines] == [3, 5]


def test_windows_line_ends_and_blank_rows_are_nothing_special() -> None:
    sheet = read("Full name,Email\r\n , \r\nJana,j@x.example\r\n")
    assert [(line.number, line.cells["Full name"]) for line in sheet.lines] == [(3, "Jana")]


def test_missing_cells_are_absent_and_extra_ones_are_not_lost() -> None:
    short, long = read("Full name,Email\nJana\nPeter,p@x.example,one,two\n").lines
    assert short.cells == {"Full name": "Jana"}
    assert long.cells[""] == "one two"


def test_the_encoding_can_be_said() -> None:
    assert read("Full name\nČech".encode("cp1250"), "cp1250").lines[0].cells["Full name"] == "Čech"
    with pytest.raises(Unreadable):
        read("Full name\nČech".encode("cp1250"), "utf-8")


def test_five_megabytes_are_read_and_a_byte_more_is_not() -> None:
    full = b"Full name\n" + b"Jana Kovac\n" * 476_000
    full += b"\n" * (csv_in.LIMIT - len(full))
    assert len(read(full).lines) == 476_000
    with pytest.raises(FileTooLarge):
        read(full + b" ")


@pytest.mark.parametrize("nothing", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(nothing: bytes) -> None:
    with pytest.raises(Empty):
        read(nothing)


def test_a_quote_that_never_closes_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refusal:
        read('Full name,Email\nJana,j@x.example\n"Peter,p@x.example\n')
    assert refusal.value.values == {"line": 3}


@pytest.mark.parametrize("odd", [b"\x00\x01\x02\x03binary\x00", b"PK\x03\x04" + bytes(64), b"\xff\xfea"])
def test_what_is_not_text_has_no_column_we_know_or_is_refused(odd: bytes) -> None:
    try:
        columns = read(odd).columns
    except (Unreadable, Empty):
        return
    assert not any(map(is_known, columns))
