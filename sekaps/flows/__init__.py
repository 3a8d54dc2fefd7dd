"""Prefect flows: one file for each phase of the year, and the flows that run and watch it."""
