"""What a candidate sees: getting in, the questionnaire, checking, sending, and how the case stands."""
