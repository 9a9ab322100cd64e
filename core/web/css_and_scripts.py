"""The style sheets, scripts and pictures of static/, as they are served."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

YEAR = "public, max-age=31536000, immutable"


class Files(StaticFiles):
    """static/, kept for a year: each URL carries the digest of its file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 404."""
        response = await super().get_response(path, scope)
        if response.status_code == HTTPStatus.OK:
            response.headers["Cache-Control"] = YEAR
        return response
