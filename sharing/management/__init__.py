"""What an operator asks of sharing."""
