"""A receiver of webhooks that shares no code with the sender.

Prints its port. POST of anything is kept with the verdict over its signature; answers are those that were planned, else 204.
GET /kept lists what came; POST /plan takes {"status": 500, "times": 2, "number": null, "headers": {}, "hang": false}, and with 0 times forgets all plans; POST /secrets takes a list.
"""
import base64, hashlib, hmac, json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kept, plans, secrets, lock, go = [], [], [], threading.Lock(), threading.Event()


def signed_with(headers, body):
    """The positions of the secrets whose signature is there."""
    content = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    given = headers["webhook-signature"].split(" ")
    def expected(secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return [n for n, secret in enumerate(secrets) if any(hmac.compare_digest(expected(secret), one) for one in given)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with lock:
            self.answer(200, json.dumps(kept).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/plan":
            plan = json.loads(body)
            with lock:
                if plan["times"] == 0:
                    plans.clear()
                plans.extend([plan] * plan["times"])
            return self.answer(204)
        if self.path == "/secrets":
            secrets[:] = json.loads(body)
            return self.answer(204)
        with lock:
            number = json.loads(body)["number"]
            mine = next((n for n, one in enumerate(plans) if one.get("number") in (None, number)), None)
            plan = {"status": 204} if mine is None else plans.pop(mine)
            kept.append({
                "path": self.path, "id": self.headers["webhook-id"], "timestamp": int(self.headers["webhook-timestamp"]), "type": self.headers["Content-Type"],
                "signature": self.headers["webhook-signature"], "raw": body.decode(), "signedWith": signed_with(self.headers, body), "body": json.loads(body), "answered": plan["status"],
            })
        if plan.get("hang"):
            go.wait()
        self.answer(plan["status"], b"" if plan["status"] == 204 else b"as planned", plan.get("headers", {}))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
