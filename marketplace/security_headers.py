"""What every answer tells the browser: nothing from other hosts, no scripts in pages, no copies of private pages."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session

from marketplace.request_cycle import IMPERSONAL

#: Only files of ours. Map tiles come from another host where an administrator has configured one.
_POLICY = (
    "default-src 'self'",
    "img-src 'self' data:{tiles}",
    "style-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)


def content_security_policy(tile_url: str = "") -> str:
    """The policy; ``tile_url`` is Leaflet's template, whose ``{s}`` stands for any subdomain."""
    tiles = ""
    if tile_url:
        parts = urlsplit(tile_url)
        tiles = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}"
    return "; ".join(_POLICY).format(tiles=tiles)


def init_app(app: Flask) -> None:
    policy = content_security_policy(app.config["TILE_URL"])
    secure = app.config["SITE_URL"].startswith("https://")

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), payment=()")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if is_private():
            headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response


def is_private() -> bool:
    """Whether the answer is made for one person: somebody is signed in, or the session holds something new."""
    if request.endpoint in IMPERSONAL:
        return False
    if "_user_id" in session or session.modified:
        return True
    user = g.get("_login_user")
    return user is not None and user.is_authenticated
