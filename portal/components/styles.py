"""The portal's stylesheets, in the order they build on each other; the console's sheet is its own."""

STYLESHEETS = tuple(
    f"/styles/{name}.css"
    for name in (
        "tokens",
        "base",
        "frame",
        "people",
        "controls",
        "rows",
        "ticket",
        "benefits",
        "agenda",
        "sheets",
        "states",
        "money",
        "login",
    )
)
FONT = "/fonts/figtree-latin.woff2"
