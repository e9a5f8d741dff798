"""The colour of words on the provider's colour, for mail clients, which know no CSS custom properties."""


def on(color: str) -> str:
    """Black or white, whichever is read better on `color` (#rrggbb): WCAG 2.2's relative luminance."""
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
