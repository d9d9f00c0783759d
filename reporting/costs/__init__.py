"""What the plans cost: ``measured`` in closed half-years, never of fewer than five people, and ``projection``, five
years ahead from assumptions that are stated."""
