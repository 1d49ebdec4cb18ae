"""Tables, guards and first rows of consent."""
