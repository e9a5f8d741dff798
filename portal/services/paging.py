"""How much of a long list a page shows: what its address asks for, within bounds."""


def shown(asked: str, page: int, most: int) -> int:
    """The rows asked for, a `page` at least and `most` at most; a page for what anybody may have typed."""
    return min(max(int(asked), page), most) if asked.isdecimal() and len(asked) < 6 else page
