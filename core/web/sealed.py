"""A mail's HTML inside the console: shown in a frame that runs nothing, loads nothing and leads nowhere by itself."""

from starlette.responses import HTMLResponse, Response

SEALED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def sealed_page(html: str) -> Response:
    """The HTML with a policy of its own, for an `<iframe sandbox>` of the console."""
    headers = {"Content-Security-Policy": SEALED, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(html, headers=headers)
