"""The field's rules, in plain Python: standard library only, no clock, no database, no screen."""
