"""What a browser is shown of categories and benchmarks."""
