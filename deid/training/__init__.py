"""Training of the text detector: painted screens, and the network that learns from them."""
