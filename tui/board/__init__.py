"""The machine's gauges, each with its source."""
