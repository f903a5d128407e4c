"""The parts of the demonstration district: hand-written sources (*.txt) and what is derived from them."""
