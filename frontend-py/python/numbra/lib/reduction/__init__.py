"""Many elements put together to one or to running values: sums, extrema, moments, quantiles, counts."""
