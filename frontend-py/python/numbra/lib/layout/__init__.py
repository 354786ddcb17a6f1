"""What the other groups stand on: shapes, axes, memory, and views of it."""
