-- Steps of the functions that count: they know cases and measures.
REVOKE ALL ON FUNCTION wall.costing_cases(text, date), wall.costing_measures(text, date) FROM exit_app;
