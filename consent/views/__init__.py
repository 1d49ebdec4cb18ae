"""The desk's pages about consent."""
