# One image for web, worker, beat and the database's preparation. Built and run as docker-compose.yml shows.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin exitprogram \
    && install -d -o exitprogram /srv/state \
    && install -d -o exitprogram -m 0700 /srv/state/files /srv/state/anchors
COPY --from=packages /venv /venv
WORKDIR /srv/exitprogram
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp \
    EXIT_ENV=production EXIT_STATE_DIR=/srv/state
USER exitprogram
# The settings want their secrets even for this; these are not kept in the image.
RUN EXIT_SECRET_KEY=build EXIT_CONTEXT_KEY=00 EXIT_DATA_KEYS= EXIT_DATABASE_URL= EXIT_BROKER_URL= \
    python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8000
