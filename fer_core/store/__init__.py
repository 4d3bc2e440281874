"""The shipped networks: `models/<id>/` as records, as files, and how they are written."""
