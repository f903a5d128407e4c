"""Delivery night: who gets what at which place, what really came, who hands it out, and who has collected and paid."""
