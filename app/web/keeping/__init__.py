"""How long cases are kept: the list, the policy, one case, and what a candidate sees of it."""
