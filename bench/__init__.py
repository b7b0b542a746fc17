"""Benchmarks: what a report costs, from the outside, on both databases, beside the least that would store it."""
