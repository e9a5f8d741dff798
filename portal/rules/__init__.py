"""Pure policies: no I/O, time as an argument. The reason shown and the check at the click are the same function."""
