"""Commands of the portal as a whole: keys and backup."""
