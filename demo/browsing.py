"""A browser in miniature for the demo's readers: real HTTP, no JavaScript, no cookies, redirects followed by hand."""

from http.client import HTTPConnection
from typing import NamedTuple, Self
from urllib.parse import urlencode, urljoin, urlsplit

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SCANNER = "Mozilla/5.0 (compatible; LinkGuard/3.1; +https://scanner.example.net/about)"
TIMEOUT = 20.0
"""Seconds until a request counts as failed."""

MOST_REDIRECTS = 5
_FORM = "application/x-www-form-urlencoded"


class Response(NamedTuple):
    """What a server said: the status, where it points to, and the page."""

    status: int
    url: str
    location: str
    body: str
    headers: tuple[tuple[str, str], ...]


class Browser:
    """One connection to the product; close it when done."""

    def __init__(self, base_url: str, agent: str = PERSON) -> None:
        self._base = urlsplit(base_url)
        self._agent = agent
        self._connection = HTTPConnection(self._base.netloc, timeout=TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def is_ours(self, url: str) -> bool:
        """Whether the link leads to the product; the demo opens nothing else."""
        return urlsplit(url).netloc == self._base.netloc

    def get(self, url: str) -> Response:
        """Open a page."""
        return self._ask("GET", url)

    def head(self, url: str) -> Response:
        """Ask for a page's head alone, as scanners do."""
        return self._ask("HEAD", url)

    def post(self, url: str, fields: list[tuple[str, str]]) -> Response:
        """Send a form."""
        return self._ask("POST", url, urlencode(fields).encode())

    def submit(self, url: str, fields: list[tuple[str, str]]) -> Response:
        """Send a form and follow where it leads, within the product."""
        response = self.post(url, fields)
        for _ in range(MOST_REDIRECTS):
            if not response.location or not self.is_ours(response.location):
                break
            response = self.get(response.location)
        return response

    def _ask(self, method: str, url: str, body: bytes | None = None) -> Response:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"User-Agent": self._agent, "Accept": "text/html", "Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = _FORM
        self._connection.request(method, path, body=body, headers=headers)
        response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        location = response.getheader("Location") or ""
        return Response(
            response.status, url, urljoin(url, location) if location else "", text, tuple(response.getheaders())
        )
