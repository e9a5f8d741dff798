"""What is so, read from the database for a scene: joined, filtered by what the actor may see, not yet in words."""
