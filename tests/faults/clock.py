"""The database's clock on the stage: real time, moved. The workers' role finds our ``now()`` before PostgreSQL's own,
so that the product's words are not changed; the Swedish day follows it. Beside it, when each notice was really made
and really marked, by a clock that nobody moves."""

MAKE = """
CREATE SCHEMA stage;
GRANT USAGE ON SCHEMA stage TO exit_app, exit_worker, exit_wall;
CREATE TABLE stage.clock (ahead interval NOT NULL);
INSERT INTO stage.clock VALUES (interval '0');
GRANT SELECT ON stage.clock TO exit_app, exit_worker, exit_wall;
CREATE FUNCTION stage.now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$ SELECT pg_catalog.now() + ahead FROM stage.clock $$;
CREATE OR REPLACE FUNCTION wall.today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$ SELECT ((pg_catalog.statement_timestamp() + ahead) AT TIME ZONE 'Europe/Stockholm')::date FROM stage.clock $$;

CREATE TABLE stage.seen (id uuid PRIMARY KEY, made_at timestamptz NOT NULL, marked_at timestamptz);
CREATE FUNCTION stage.remember() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
    AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO stage.seen VALUES (NEW.id, clock_timestamp());
    ELSE
        UPDATE stage.seen SET marked_at = clock_timestamp() WHERE id = NEW.id AND marked_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER made AFTER INSERT ON public.cases_notice FOR EACH ROW EXECUTE FUNCTION stage.remember();
CREATE TRIGGER marked AFTER UPDATE OF sent_at ON public.cases_notice FOR EACH ROW
    WHEN (NEW.sent_at IS NOT NULL) EXECUTE FUNCTION stage.remember();
"""
FIND_IT_FIRST = "ALTER ROLE exit_worker IN DATABASE exitprogram SET search_path = stage, public, pg_catalog, pg_temp"
SET = "UPDATE stage.clock SET ahead = %s::timestamptz - clock_timestamp()"
TODAY = "SELECT wall.today()"


def make(stage):
    stage.ask(MAKE)
    stage.ask(FIND_IT_FIRST)


def set_time(stage, instant):
    """The Swedish day that it is then."""
    stage.ask(SET, instant)
    return stage.ask(TODAY)[0][0]
