"""What clerks and principals prepare: rounds, cases, dates, invitations, and the work list."""
