"""What the browser's windows hold: small states, one a page, filled with rows ready to show."""
