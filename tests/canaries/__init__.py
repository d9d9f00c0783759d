"""Planted secrets, and every place they could run out to: a module for each kind of place."""
