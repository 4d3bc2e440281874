"""What people take away from an analysis: tables, a report to read and print, a bundle for research."""
