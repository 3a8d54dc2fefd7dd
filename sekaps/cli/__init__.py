"""The command line: every verb of the user's day; errors leave as one line and an exit code."""
