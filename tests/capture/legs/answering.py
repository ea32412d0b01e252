"""A loopback server that answers as it is told: what open interfaces and feeds are tried on."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Pages = dict[str, list[tuple[int, dict[str, str], Any]]]


@contextmanager
def serving(pages: Pages) -> Iterator[str]:
    """Answers each path with its next answer, the last one again and again.

    A body of bytes is sent as it is, anything else as JSON; `{HOST}` is the server's own.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = pages.get(self.path, [(404, {}, {})])
            status, headers, body = known.pop(0) if len(known) > 1 else known[0]
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            data = data.replace(b"{HOST}", self.headers["Host"].encode())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.replace("{HOST}", self.headers["Host"]))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
