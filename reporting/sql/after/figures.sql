-- Published is published: nobody changes a row, and only exit_figures adds one.
DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['reporting_publication', 'reporting_publishedcell'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS r ON %I', name);
        EXECUTE format('DROP POLICY IF EXISTS figures_r ON %I', name);
        EXECUTE format('DROP POLICY IF EXISTS figures_i ON %I', name);
        EXECUTE format('CREATE POLICY figures_r ON %I FOR SELECT TO exit_figures USING (true)', name);
        EXECUTE format('CREATE POLICY figures_i ON %I FOR INSERT TO exit_figures WITH CHECK (true)', name);
        EXECUTE format('DROP TRIGGER IF EXISTS published ON %I', name);
        EXECUTE format('CREATE TRIGGER published BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
                       ' EXECUTE FUNCTION wall.refuse()', name);
    END LOOP;
END $$;
CREATE POLICY r ON reporting_publication FOR SELECT TO exit_app USING ((SELECT wall.figure_readers()));
CREATE POLICY r ON reporting_publishedcell FOR SELECT TO exit_app
    USING ((SELECT wall.figure_readers())
           AND (board_id IS NULL OR board_id = ANY ((SELECT wall.figure_boards())::uuid[])));
GRANT USAGE ON SCHEMA wall TO exit_figures;
