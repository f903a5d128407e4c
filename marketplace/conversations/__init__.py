"""Messages between a buyer and a supplier inside a demand."""
