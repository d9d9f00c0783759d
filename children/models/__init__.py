"""What the programme for children keeps about a child, beside the case."""
