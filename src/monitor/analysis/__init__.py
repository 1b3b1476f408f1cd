"""Tables in, tables out: what the charts and pages count, with no drawing and no database."""
