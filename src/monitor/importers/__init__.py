"""What comes in from files: bytes in, rows and problems out. Nothing here knows the store."""
