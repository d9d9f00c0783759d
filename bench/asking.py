"""A request as gunicorn would hand it to a WSGI application, and the answer as it would send it."""

import io
import string
from urllib.parse import urlencode

HOST = "exitprogram.example"
TOKEN = string.ascii_letters[:32]  # any CSRF secret will do, as long as cookie and form agree


class Browser:
    """One person's browser in front of a WSGI application. The door in front of it speaks TLS."""

    def __init__(self, application, cookies):
        self.application = application
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def get(self, path):
        return self._ask("GET", path, b"")

    def post(self, path, data, kind="application/x-www-form-urlencoded", method="POST", **headers):
        body = data if isinstance(data, bytes) else urlencode(data, doseq=True).encode()
        return self._ask(method, path, body, CONTENT_TYPE=kind, **headers)

    def _ask(self, method, path, body, **more):
        """(status, headers, body)."""
        path, _, query = path.partition("?")
        told = {}
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": HOST, "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST, "HTTP_X_FORWARDED_PROTO": "https", "HTTP_COOKIE": self.cookies,
            "HTTP_REFERER": f"https://{HOST}/", "HTTP_USER_AGENT": "Firefox Linux",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0), "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False, **more,
        }  # fmt: skip

        def start_response(status, headers, exc_info=None):
            told.update(status=int(status[:3]), headers=dict(headers))

        answer = self.application(environ, start_response)
        try:
            page = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return told["status"], told["headers"], page
