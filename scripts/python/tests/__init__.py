"""The tests of `encargo` in Python, over the binary that was built. `scripts/python/test` runs them."""
