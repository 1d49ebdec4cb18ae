"""How dates look where the language of a page says no more."""
