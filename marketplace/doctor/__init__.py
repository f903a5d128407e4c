"""``flask doctor``: what is missing in this installation, and how to mend it."""
