"""How dates look on English pages."""
