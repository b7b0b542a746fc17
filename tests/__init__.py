"""The suite, laid out like the tree it tests."""
