"""What follows from the evidence: tested models, numbers in and numbers out."""
