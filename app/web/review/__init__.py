"""What reviewers do: read flags, record findings, measures and decisions, hear the candidate, conclude."""
