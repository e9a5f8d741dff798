"""Reading QR codes as a phone does: from the picture, with a decoder that knows nothing of how it was drawn."""

import re
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw

_SIZE = 8


def read_svg(svg: str) -> str:
    """What the drawn code says. The path is painted here stroke by stroke, as a browser paints it."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    path = re.search(r' d="([^"]+)"', svg)[1]  # type: ignore[index]
    picture = Image.new("L", (side * _SIZE, side * _SIZE), 255)
    pen = ImageDraw.Draw(picture)
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            top = (y - 0.5) * _SIZE
            pen.rectangle((x * _SIZE, top, (x + values[0]) * _SIZE - 1, top + _SIZE - 1), fill=0)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return read_picture(picture)


def read_picture(picture: Image.Image | Path) -> str:
    """The one code in this picture."""
    opened = Image.open(picture) if isinstance(picture, Path) else picture
    found = zxingcpp.read_barcodes(opened)
    assert len(found) == 1, f"{len(found)} codes in the picture"
    return str(found[0].text)


def unpacked(text: str) -> list[str]:
    """The fields of a PAY by square text, undone by the specification's own steps; its checksum must hold."""
    import lzma
    import zlib

    bits = "".join(f"{int(letter, 32):05b}" for letter in text)
    packed = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
    assert packed[:2] == b"\0\0"
    filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 131072}]
    reader = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    whole = reader.decompress(packed[4:], max_length=int.from_bytes(packed[2:4], "little"))
    assert whole[:4] == zlib.crc32(whole[4:]).to_bytes(4, "little")
    return whole[4:].decode().split("\t")
