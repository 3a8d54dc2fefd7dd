"""A calendar-driven workflow engine for public administration."""
