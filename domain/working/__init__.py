"""How a quote was worked out: the steps of its proof, a module for each part of the quote."""
