-- For ``wall.worker_waiting`` and ``wall.worker_scanned``: the answer of the scanner, and nothing else of a paper.
GRANT UPDATE (state, scanned_at, quarantine_key) ON public.cases_document TO exit_wall;
