"""What the project costs whoever builds it, each figure beside its bound: `python -m scripts.bench`."""
