"""One page, one constant event: what Reflex itself costs."""

import reflex as rx


class Floor(rx.State):
    """The least a page can hold."""

    ready: bool = False
    chosen: str = ""

    @rx.event
    def load(self) -> None:
        """Say that the page is there."""
        self.ready = True

    @rx.event
    def choose(self, who: str) -> None:
        """The constant event."""
        self.chosen = who


def index() -> rx.Component:
    """A line and a button."""
    return rx.el.main(
        rx.el.button("Choose", on_click=Floor.choose("one")),
        rx.cond(
            Floor.ready,
            rx.el.p("Ready ", Floor.chosen, custom_attrs={"data-ready": "true", "data-chosen": Floor.chosen}),
        ),
    )


app = rx.App()
app.add_page(index, route="/", title="Floor", on_load=Floor.load)
