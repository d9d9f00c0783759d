"""Figures that cannot be undone into people. Knows nothing of cases: whole numbers in cells, and how cells add up.

1. A cell below the threshold is hidden, nought too: that a group is empty says as much as that it is small.
2. What is shown is rounded to a step of five, up or down by a secret that is the cell's own, so that the same cell
   always comes out the same, and one person more or less changes nothing or a whole step.
3. What is hidden is proven: for each hidden cell the solver finds two whole populations that fit everything shown, in
   one of which the cell is nought and in the other as large as a hidden cell may be. Where it finds none, more is
   hidden, at the least cost, until it does. The proof holds also against somebody who knows which cells were hidden
   for being small and which only to guard the others.
"""
