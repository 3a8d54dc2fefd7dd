"""Alembic migrations, tested up and down on both databases."""
