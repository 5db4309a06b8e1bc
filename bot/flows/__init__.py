"""What a shopper can come for, one file a goal: what is still missing, and what a choice changes."""
