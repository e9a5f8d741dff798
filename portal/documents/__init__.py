"""Files that come in and go out: CSV, PDF, calendars, QR codes."""
