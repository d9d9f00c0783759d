-- For ``wall.hand_over``, and no other function of the wall: what changes hands, and no word of any case.
GRANT INSERT, UPDATE (ends_on) ON public.teams_coordinatorappointment TO exit_wall;
GRANT INSERT, UPDATE (ended_at, ends_on) ON public.cases_accessgrant TO exit_wall;
GRANT UPDATE (owner_id, handed_by_id, version) ON public.cases_clock TO exit_wall;
-- And for ``wall.follow_up_answer``: the block of one who says herself that she knows the person.
GRANT INSERT ON public.cases_accessblock TO exit_wall;
GRANT UPDATE (worker_id, version) ON public.cases_case TO exit_wall;
-- Steps of it; by themselves they would run without its rights.
REVOKE ALL ON FUNCTION wall.hand_over_appointments(uuid, uuid, uuid, uuid),
    wall.hand_over_case(uuid, uuid, uuid, uuid, date), wall.goes_to(uuid, uuid, uuid), wall.held_by(uuid, uuid) FROM exit_app;
