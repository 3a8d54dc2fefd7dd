"""What is stored: typed SQLAlchemy models, one subject a file."""
