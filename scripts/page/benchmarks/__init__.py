"""Benchmarks kept with the project, as a page shows them."""
