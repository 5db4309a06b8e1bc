"""How fast it is: one module a theme, each a function `figures()` that measures; `make bench` runs them all."""
