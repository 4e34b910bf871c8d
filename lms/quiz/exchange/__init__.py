"""What all other formats have in common: questions as plain parts, read into course text, checked there."""
