"""What an operator asks about patients."""
