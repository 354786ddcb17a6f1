"""New arrays: from numbers, sequences and other arrays, put together, taken apart and rearranged."""
