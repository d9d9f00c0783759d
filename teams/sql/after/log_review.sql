-- For ``wall.draw_log_review``. Its steps, called by themselves, would say what others have read.
GRANT INSERT ON public.teams_logreview, public.teams_logsample TO exit_wall;
REVOKE ALL ON FUNCTION wall.readings_to_review(date), wall.reviewed_staff() FROM exit_app;
