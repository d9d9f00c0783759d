-- Has the ids of cases in it: a step of the functions that count, and of no other.
REVOKE ALL ON FUNCTION wall.flow() FROM exit_app;
