"""Family Portal: the place where a family sees everything about its children's classes."""
