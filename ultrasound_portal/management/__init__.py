"""What an operator asks of the portal as a whole."""
