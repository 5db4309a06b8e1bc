"""Nothing of one shop is read or changed from another: every route, every job, every store function."""
