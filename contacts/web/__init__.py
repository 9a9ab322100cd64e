"""Places: pages for recipients and for the console."""
