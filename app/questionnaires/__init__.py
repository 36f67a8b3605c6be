"""What is asked: questionnaires, answers, and which questions apply to whom."""
