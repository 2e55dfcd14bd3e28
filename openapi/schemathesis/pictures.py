"""Pictures for the forms that are made up: grey PNG files of one pixel. Without them no form that needs
a picture would get past the reading of it."""

import struct
import zlib

import schemathesis
from hypothesis import strategies


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG file (ISO/IEC 15948, 5.3)."""
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def picture(grey: int) -> bytes:
    """One pixel of 8 bits a sample, greyscale, not interlaced."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(bytes([0, grey])))
    return b"\x89PNG\r\n\x1a\n" + header + pixel + chunk(b"IEND", b"")


schemathesis.openapi.media_type("image/png", strategies.integers(0, 255).map(picture))
