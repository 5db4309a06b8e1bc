"""The talk: pure turns of the assistant, (conversation, event, facts) to (conversation, messages, effects)."""
