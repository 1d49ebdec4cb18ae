"""What carries messages out of the portal: one sender for each way, chosen by the settings."""
