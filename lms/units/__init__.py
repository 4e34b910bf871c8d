"""Administrative units: their versions, merges and splits; what the map was on any day."""
