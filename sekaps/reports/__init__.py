"""What people read of a year: the same values as pictures, a page, a terminal's tables and Markdown."""
