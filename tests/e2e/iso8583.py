# SPDX-License-Identifier: Apache-2.0
"""Just enough ISO 8583:1987 in the ascii dialect to be a rude acquirer or a rude gateway.

Knows nothing of the program's own codec on purpose.
"""

import datetime
import socket
import ssl
import struct
import threading

# Field -> digits of its length prefix (0: fixed) and its fixed length.
FIELDS = {
    2: (2, 0), 3: (0, 6), 4: (0, 12), 5: (0, 12), 6: (0, 12), 7: (0, 10), 9: (0, 8), 10: (0, 8),
    11: (0, 6), 12: (0, 6), 13: (0, 4), 14: (0, 4), 15: (0, 4), 18: (0, 4), 19: (0, 3), 22: (0, 3),
    25: (0, 2), 32: (2, 0), 33: (2, 0), 35: (2, 0), 37: (0, 12), 38: (0, 6), 39: (0, 2),
    41: (0, 8), 42: (0, 15), 43: (0, 40), 44: (2, 0), 48: (3, 0), 49: (0, 3), 50: (0, 3),
    51: (0, 3), 54: (3, 0), 55: (3, 0), 60: (3, 0), 61: (3, 0), 62: (3, 0), 63: (3, 0),
    70: (0, 3), 90: (0, 42), 95: (0, 42),
}


def pack(mti, fields):
    bits = [0] * 128
    body = ""
    for number in sorted(fields):
        digits, length = FIELDS[number]
        value = fields[number]
        assert digits or len(value) == length, (number, value)
        bits[number - 1] = 1
        body += (f"{len(value):0{digits}d}" if digits else "") + value
    width = 128 if any(bits[64:]) else 64
    bits[0] = int(width == 128)
    bitmap = f"{int(''.join(map(str, bits[:width])), 2):0{width // 4}X}"
    return (mti + bitmap + body).encode("latin-1")


def unpack(message):
    text = message.decode("latin-1")
    mti, at = text[:4], 20
    bits = f"{int(text[4:20], 16):064b}"
    if bits[0] == "1":
        bits += f"{int(text[20:36], 16):064b}"
        at = 36
    fields = {}
    for number in range(2, len(bits) + 1):
        if bits[number - 1] == "0":
            continue
        digits, length = FIELDS[number]
        if digits:
            length = int(text[at:at + digits])
            at += digits
        fields[number] = text[at:at + length]
        at += length
    return mti, fields


def frame(message):
    return struct.pack(">H", len(message)) + message


def sign_on(stan=1):
    now = datetime.datetime.now(datetime.timezone.utc)
    return pack("0800", {7: now.strftime("%m%d%H%M%S"), 11: f"{stan:06d}", 70: "001"})


def read_exactly(stream, size):
    """The bytes, or b"" when the other side closed first."""
    data = b""
    while len(data) < size:
        try:
            part = stream.recv(size - len(data))
        except (ConnectionError, ssl.SSLError):
            return b""
        if not part:
            return b""
        data += part
    return data


def read_frame(stream):
    while True:
        head = read_exactly(stream, 2)
        if not head:
            return b""
        size = struct.unpack(">H", head)[0]
        if size:
            return read_exactly(stream, size)


def answer_to(message, code="00"):
    """The answer a polite acquirer gives."""
    mti, fields = unpack(message)
    kept = {k: v for k, v in fields.items()
            if k in (2, 3, 4, 7, 11, 32, 37, 41, 42, 49, 70)}
    kept[39] = code
    if mti[1] in "12" and code == "00":
        kept[38] = "ABC123"
    number = {"0": "1", "1": "1", "2": "3", "3": "3"}[mti[2]]
    return pack(mti[:2] + number + "0", kept)


class FakeAcquirer:
    """Signs on politely; `rude(message)` gives the raw bytes for anything financial, or None.

    None stands for a polite answer. Returning b"" says nothing.
    """

    def __init__(self, certificate, key, rude):
        self.rude = rude
        self.seen = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self.address = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._open = False
        self._listener.close()

    def _accept(self):
        while self._open:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with self._context.wrap_socket(connection, server_side=True) as stream:
                while True:
                    message = read_frame(stream)
                    if not message:
                        return
                    mti, fields = unpack(message)
                    self.seen.append((mti, fields))
                    reply = None if mti[1] == "8" else self.rude(message)
                    stream.sendall(frame(answer_to(message)) if reply is None else reply)
        except OSError:
            return
