-- For ``wall.tell_parties``: a notice, and nothing that has been written is changed.
GRANT INSERT ON public.cases_notice TO exit_wall;
REVOKE ALL ON FUNCTION wall.administrators_of_others(uuid) FROM exit_app;
