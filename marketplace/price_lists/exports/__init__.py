"""A price list as a file: CSV, XLSX, GDXP and a printable PDF."""
