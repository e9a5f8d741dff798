"""The sign-in pages' own frame: the family shapes as a picture, the brand, one column of words."""

from typing import Any

from portal.components.elements import Node, el, hard_link, when
from portal.components.shell import brand_mark

_SMALL = (
    "tl deep,arch sky,,eye art,dot amber,tr deep,"
    "bowl rose,bl art,leaf amber,,br deep,arch rose,"
    ",dot sky,tr deep,block green,bl deep,wing sky"
)
_LARGE = (
    "tl deep,arch sky,,eye art,dot amber,tr deep,bowl rose,bl deep,"
    "wing art,,br deep,leaf sky,,block green,tr art,arch amber,"
    "bl deep,eye rose,,br deep,arch sky,tl deep,dot amber,,"
    ",wing deep,bl art,arch rose"
)


def login_frame(brand: Any, logo: Any, *children: Any, privacy_url: Any = "") -> Node:
    """A sign-in page: art, brand, the form, and whose portal it is."""
    mark = el.span(brand_mark(logo), el.span(brand), class_name="login-brand")
    main = el.main(mark, *children, id="main", class_name="login-main", data={"ready": "true"})
    privacy = when(privacy_url, el.span(hard_link("Privacy", href=privacy_url, class_name="link")))
    foot = el.footer(el.span("Family Portal for ", brand), privacy, class_name="login-foot small dots")
    return el.div(_art(), main, foot, class_name="login")


def _art() -> Node:
    return el.div(
        *_tiles(_SMALL, "s-only"), *_tiles(_LARGE, "l-only"), class_name="login-art", aria={"hidden": "true"}
    )


def _tiles(drawing: str, where: str) -> list[Node]:
    return [el.i(class_name=f"{tile} {where}".strip()) for tile in drawing.split(",")]
