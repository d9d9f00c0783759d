-- What a closed half-year showed, and goes on showing: nobody changes it, only exit_figures adds one, and it is shown to
-- those who lead or administer the board.
ALTER TABLE reporting_keptcosts ENABLE ROW LEVEL SECURITY;
ALTER TABLE reporting_keptcosts FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS r ON reporting_keptcosts;
DROP POLICY IF EXISTS figures_r ON reporting_keptcosts;
DROP POLICY IF EXISTS figures_i ON reporting_keptcosts;
CREATE POLICY r ON reporting_keptcosts FOR SELECT TO exit_app
    USING (board_id = (SELECT wall.authority()) AND (SELECT wall.role()) IN ('unit_manager', 'administrator'));
CREATE POLICY figures_r ON reporting_keptcosts FOR SELECT TO exit_figures USING (true);
CREATE POLICY figures_i ON reporting_keptcosts FOR INSERT TO exit_figures WITH CHECK (true);
DROP TRIGGER IF EXISTS published ON reporting_keptcosts;
CREATE TRIGGER published BEFORE UPDATE OR DELETE ON reporting_keptcosts FOR EACH ROW EXECUTE FUNCTION wall.refuse();
