"""What is trained: exercise variants, recommendations, progression rules, checklists."""
