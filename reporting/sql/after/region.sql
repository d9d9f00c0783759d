-- Steps of the functions that count and of the questions: one has the ids of cases in it, the other makes a reader's words
-- for any case.
REVOKE ALL ON FUNCTION wall.flow(), wall.flow_ref(uuid, uuid) FROM exit_app;
