# One image, two commands: `serve` (the default) and `worker`. Also `migrate`.

FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/werkraum
ENV PATH=/opt/werkraum/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# The packages change less often than our code: their layer comes first.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY . ./
RUN pip install --no-deps --no-build-isolation . && rm -rf /src

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home werkraum \
    && install --directory --owner=werkraum --mode=0700 /var/lib/werkraum
COPY --from=build /opt/werkraum /opt/werkraum
ENV PATH=/opt/werkraum/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WERKRAUM_DATA_DIR=/var/lib/werkraum
# By number: Kubernetes can only tell from it that this is not root.
USER 10001
# All that is ever written; everything else may be mounted read-only.
VOLUME /var/lib/werkraum
EXPOSE 8000
# Asked under our own name, since requests for another host are refused.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "\
from http.client import HTTPConnection; \
from werkraum_foundation.settings import settings; \
web = HTTPConnection('127.0.0.1', 8000, timeout=4); \
web.request('GET', '/healthz', headers={'Host': settings().host}); \
raise SystemExit(web.getresponse().status != 200)"]
ENTRYPOINT ["werkraum"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
