"""The app: settings, storage, jobs, use cases and doors around the rules."""
