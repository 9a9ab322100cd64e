"""Data sets that leave the house: what the columns are, which value stands where, and each file format."""
