"""What strategies are made of: for each operator its prompt, its parser and its call."""
