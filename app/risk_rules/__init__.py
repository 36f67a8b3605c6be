"""When an answer is a risk: the rulebook, its evaluation, and its explanation."""
