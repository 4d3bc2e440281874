"""What lessons on several pages share."""
