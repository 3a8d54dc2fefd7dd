"""Days, working days, rules, windows and programmes as data: pure values, no clock, no session, no network."""
