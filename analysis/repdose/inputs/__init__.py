"""What a report is given: parameters, scenarios, files; checked before anything runs."""
