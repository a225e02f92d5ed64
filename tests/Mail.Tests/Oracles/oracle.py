"""Reads every message of a folder with Python's own parser and verifies its signatures with dkimpy. Prints one line for each thing that is wrong.

Usage: oracle.py FOLDER   FOLDER/records: "name<TAB>TXT record" lines; FOLDER/expected.json: {file: {"subject", "to", "text", "html"}}
"""
import email, email.header, email.policy, email.utils, html, json, pathlib, sys
import dkim

folder = pathlib.Path(sys.argv[1])
records = dict(line.split("\t") for line in (folder / "records").read_text("utf-8").splitlines())
expected = json.loads((folder / "expected.json").read_text("utf-8"))


def lookup(name, timeout=5):
    return records.get(name.decode("ascii").rstrip("."), "").encode("ascii")


def complain(file, what):
    print(f"{file}: {what}")


for file, want in sorted(expected.items()):
    raw = (folder / file).read_bytes()
    verifier = dkim.DKIM(raw)
    count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
    if count != 2:
        complain(file, f"{count} signatures")
    for index in range(count):
        try:
            accepted = dkim.DKIM(raw).verify(idx=index, dnsfunc=lookup)
        except dkim.DKIMException:
            accepted = False
        if not accepted:
            complain(file, f"dkimpy does not accept signature {index}")

    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        complain(file, "a line end that is not CRLF")
    if max(len(line) for line in raw.split(b"\r\n")) > 998:
        complain(file, "a line beyond 998 octets")
    head = raw.split(b"\r\n\r\n", 1)[0]
    if any(byte > 126 or (byte < 32 and byte not in (9, 10, 13)) for byte in head):
        complain(file, "a header with an octet beyond printable ASCII")

    try:
        message = email.message_from_bytes(raw, policy=email.policy.strict.clone(linesep="\r\n", utf8=False))
        defects = [defect for part in message.walk() for defect in part.defects]
        defects += [defect for part in message.walk() for value in part.values() for defect in getattr(value, "defects", [])]
        for defect in defects:
            complain(file, f"defect {defect!r}")
        if str(message["subject"]) != want["subject"]:
            complain(file, f"the subject is {str(message['subject'])!r} and not {want['subject']!r}")
        # The strict policy of Python 3.11 puts a blank between encoded words of a phrase (RFC 2047 section 6.2 wants none); its older decoder does not.
        phrase = email.utils.parseaddr(email.message_from_bytes(raw)["to"])[0]
        name = str(email.header.make_header(email.header.decode_header(phrase)))
        if name != want["to"]:
            complain(file, f"the recipient is called {name!r} and not {want['to']!r}")
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            if (body is not None) != (want[kind] is not None):
                complain(file, f"its {kind} part is {'there' if body is not None else 'missing'}")
            elif body is not None and want[kind] not in (html.unescape(body.get_content()) if kind == "html" else body.get_content()):
                complain(file, f"its {kind} part does not hold what was merged")
    except Exception as failure:
        complain(file, f"{type(failure).__name__}: {failure}")

print(f"looked at {len(expected)}")
