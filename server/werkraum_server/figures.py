"""Figures of this process, in the text format of Prometheus."""

from bisect import bisect_left
from collections import Counter
from itertools import accumulate

_requests: Counter[tuple[str, int]] = Counter()
# How many took at most as long as the bucket of this place.
_seconds: Counter[int] = Counter()
_total = 0.0
_under_way = 0
_streams = 0

BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})


def begin_request() -> None:
    global _under_way
    _under_way += 1


def people_wait() -> bool:
    """Whether requests are under way right now, which letters make room for."""
    return _under_way > 0


def count_request(method: str, status: int, seconds: float) -> None:
    """Count a request that ends; the method of a client is only one of the known."""
    global _total, _under_way
    _under_way -= 1
    _requests[method if method in METHODS else "OTHER", status] += 1
    _total += seconds
    _seconds[bisect_left(BUCKETS, seconds)] += 1


def count_stream() -> None:
    """Count a stream that begins: letters need not make room until it ends."""
    global _under_way, _streams
    _under_way -= 1
    _streams += 1


def request_lines() -> list[str]:
    """Write what was counted since the start of the process."""
    lines = ["# TYPE werkraum_requests_total counter"]
    lines += [
        f'werkraum_requests_total{{method="{method}",status="{status}"}} {count}'
        for (method, status), count in sorted(_requests.items())
    ]
    lines.append("# TYPE werkraum_request_seconds histogram")
    below = accumulate(_seconds[place] for place in range(len(BUCKETS)))
    lines += [
        f'werkraum_request_seconds_bucket{{le="{limit}"}} {count}'
        for limit, count in zip(BUCKETS, below, strict=True)
    ]
    count = sum(_requests.values())
    return [
        *lines,
        f'werkraum_request_seconds_bucket{{le="+Inf"}} {count}',
        f"werkraum_request_seconds_sum {_total:.3f}",
        f"werkraum_request_seconds_count {count}",
        "# TYPE werkraum_streams_total counter",
        f"werkraum_streams_total {_streams}",
    ]
