-- For ``wall.draw_log_review``. Its steps, called by themselves, would say what others have read.
GRANT INSERT ON public.teams_logreview, public.teams_logsample TO exit_wall;
REVOKE ALL ON FUNCTION wall.readings_to_review(date), wall.reviewed_staff(), wall.reviewed_by(uuid),
    wall.leads_of_units(uuid), wall.had_part_in(uuid, uuid, timestamptz), wall.has_said_so(uuid, uuid) FROM exit_app;
