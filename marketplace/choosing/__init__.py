"""From answers to a recorded outcome: comparison, frozen list, report, outcome."""
