"""Reads and writes small pictures with the standard library: PNG (8 bits, not interlaced), PGM and PPM."""
import struct
import zlib

import numpy as np
from numbra import njit

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}   # by PNG colour type: grey, RGB, grey and alpha, RGBA


def read(path):
    """Brightness from 0 to 255 as a float64 array (height, width)."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(SIGNATURE):
        pixels = read_png(data)
    elif data[:2] in (b"P5", b"P6"):
        pixels = read_pnm(data)
    else:
        raise ValueError(f"{path}: neither PNG nor binary PGM or PPM")
    pixels = pixels.astype(np.float64)
    if pixels.shape[2] < 3:
        return np.ascontiguousarray(pixels[:, :, 0])
    return pixels[:, :, :3] @ np.array([0.299, 0.587, 0.114])


def read_png(data):
    position, compressed, header = len(SIGNATURE), b"", None
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position:position + 8])
        chunk = data[position + 8:position + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", chunk)
        elif kind == b"IDAT":
            compressed += chunk
        position += length + 12
    if header is None or header[2] != 8 or header[3] not in CHANNELS or header[6]:
        raise ValueError("only PNG files with 8 bits per channel, no palette and no interlacing are read here")
    width, height, channels = header[0], header[1], CHANNELS[header[3]]
    rows = np.frombuffer(zlib.decompress(compressed), np.uint8).reshape(height, 1 + width * channels)
    pixels = np.zeros((height, width * channels), np.int64)
    undo_filters(rows.astype(np.int64), pixels, channels)
    return pixels.reshape(height, width, channels)


@njit
def undo_filters(rows, pixels, channels):
    """PNG's five row filters: each byte is stored as the difference from a guess made of its neighbours."""
    height, length = pixels.shape
    for y in range(height):
        kind = rows[y, 0]
        for x in range(length):
            left = pixels[y, x - channels] if x >= channels else 0
            up = pixels[y - 1, x] if y > 0 else 0
            corner = pixels[y - 1, x - channels] if y > 0 and x >= channels else 0
            guess = 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            elif kind == 4:
                estimate = left + up - corner
                to_left, to_up, to_corner = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
                if to_left <= to_up and to_left <= to_corner:
                    guess = left
                elif to_up <= to_corner:
                    guess = up
                else:
                    guess = corner
            pixels[y, x] = (rows[y, x + 1] + guess) % 256


def read_pnm(data):
    fields, position = [], 0
    while len(fields) < 4:
        while data[position:position + 1].isspace():
            position += 1
        if data[position:position + 1] == b"#":
            position = data.index(b"\n", position)
            continue
        end = position
        while not data[end:end + 1].isspace():
            end += 1
        fields.append(data[position:end])
        position = end
    width, height, channels = int(fields[1]), int(fields[2]), 3 if fields[0] == b"P6" else 1
    return np.frombuffer(data, np.uint8, width * height * channels, position + 1).reshape(height, width, channels)


def write(path, brightness):
    """Writes a grey PNG; values are cut to 0..255."""
    grey = np.clip(np.rint(brightness), 0, 255).astype(np.uint8)
    height, width = grey.shape
    # Row filter 2: the difference from the row above.
    rows = np.empty((height, width + 1), np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = grey[0]
    rows[1:, 1:] = grey[1:] - grey[:-1]

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    with open(path, "wb") as file:
        file.write(SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b""))
