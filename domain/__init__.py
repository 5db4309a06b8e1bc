"""The rules of returns: pure, standard library only. Clock, ids and calendars are passed in."""
