"""One module a page: what is drawn from its view."""
