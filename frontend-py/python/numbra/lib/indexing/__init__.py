"""Elements by index, mask, position and field, read and written."""
