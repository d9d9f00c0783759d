"""Backups that a thief cannot read and a restore that proves itself: what was dumped, counted and sealed to a key that
is kept elsewhere, is put into an empty cluster, counted again, and stays shut until what was destroyed is destroyed."""
