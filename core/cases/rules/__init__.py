"""The rules of cases: what the law and the source document say, as data and pure functions."""
