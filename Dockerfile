# One image; web, worker, beat and migrate are its four commands (docker-compose.yml).
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=alliance.settings DATA_DIR=/srv/var NUMBA_CACHE_DIR=/srv/var/numba

WORKDIR /srv
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements.lock

COPY manage.py ./
COPY alliance alliance
COPY accounts accounts
COPY factors factors
COPY footprint footprint
COPY templates templates
COPY static static
COPY locale locale

# Compressed static files and compiled catalogues are part of the image; the key serves this step alone.
RUN useradd --system --home-dir /srv/var --create-home product \
    && python -c "from alliance.runtime.translations import compile_catalogues; compile_catalogues()" \
    && python -m compileall -q alliance accounts factors footprint \
    && PUBLIC_URL=https://build.invalid SECRET_KEY=build python manage.py collectstatic --noinput -v0 \
    && mkdir -p /srv/var/uploads /srv/var/numba /srv/backups \
    && chown -R product /srv/var /srv/backups

USER product
VOLUME ["/srv/var/uploads"]
EXPOSE 8000
CMD ["gunicorn", "-c", "python:alliance.server", "alliance.wsgi", "--preload", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
