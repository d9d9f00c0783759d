-- For ``wall.worker_tell``: the notices it makes and the time a clock is next to be looked at; no word of any case.
GRANT INSERT ON public.cases_notice TO exit_wall;
GRANT UPDATE (next_at) ON public.cases_clock TO exit_wall;
-- For ``wall.worker_keep``: clocks of what is watched by itself.
GRANT INSERT, UPDATE (owner_id, handed_by_id, extended_to, done_at, done_by_id, version) ON public.cases_clock TO exit_wall;
GRANT SELECT ON public.tokens_apitoken TO exit_wall;
REVOKE ALL ON FUNCTION wall.told_when_late(uuid, date) FROM exit_app;
REVOKE ALL ON FUNCTION wall.told_widely(uuid, date) FROM exit_app;
REVOKE ALL ON FUNCTION wall.is_unanswered(uuid, uuid, date) FROM exit_app;
REVOKE ALL ON FUNCTION wall.is_boards_child_worker(uuid, uuid, date) FROM exit_app;
REVOKE ALL ON FUNCTION wall.tells(text, uuid, uuid, uuid) FROM exit_app;
