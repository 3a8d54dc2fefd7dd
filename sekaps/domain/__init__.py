"""The rules of gates, signature chains, reminders, allocation and audit: pure, values in and values out."""
