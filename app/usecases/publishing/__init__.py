"""The rules and the questions as anybody may read them: in words, with their norms, each version under its own name."""
