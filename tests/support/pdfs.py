"""Reading PDFs as others do: their text, what they claim to be, and the pictures on them."""

import io

import pypdfium2
from pypdf import PdfReader

from tests.support.qr_pictures import read_picture


def text_of(body: bytes) -> str:
    """All its words, line by line."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def code_on(body: bytes) -> str:
    """What the code on its first page says, read from the page as it is drawn."""
    page = pypdfium2.PdfDocument(body)[0]
    return read_picture(page.render(scale=3).to_pil())


def fonts_of(body: bytes) -> dict[str, bool]:
    """The fonts it is set in, and whether each travels within the file."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(body)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            one = font.get_object()["/DescendantFonts"][0].get_object()
            found[one["/BaseFont"].partition("+")[2]] = "/FontFile2" in one["/FontDescriptor"]
    return found


def metadata_of(body: bytes) -> str:
    """What it says of itself: the standard it keeps, its title and author."""
    packet = PdfReader(io.BytesIO(body)).trailer["/Root"]["/Metadata"]  # type: ignore[index]
    return packet.get_object().get_data().decode()
