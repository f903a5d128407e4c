"""GDXP, the exchange format of Italian purchasing groups: every dialect read, one written, each departure named."""
