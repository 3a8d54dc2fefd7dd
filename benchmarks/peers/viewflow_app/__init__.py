"""The Django application Viewflow asks a flow to belong to."""
