"""Use cases: each takes a session and values, applies a pure rule and writes; none commits."""
