"""What was written once and must not change: hashes of outputs, and files that later versions must load."""
