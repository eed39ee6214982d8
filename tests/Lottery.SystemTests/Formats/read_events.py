"""Prints the scalars of a TensorBoard event file, read as its formats say: records with CRC-32C (RFC 3720), messages of
protocol buffers (event.proto, summary.proto). Nothing of it is taken from Lottery."""
import struct
import sys


def crc32c(data):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    crc = 0xFFFFFFFF
    for one in data:
        crc = table[(crc ^ one) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def check(data, stated):
    crc = crc32c(data)
    assert ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF == struct.unpack("<I", stated)[0], "a checksum is wrong"


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    """(number, value) of each field of a message; fixed numbers and texts as bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(key & 7)
            if length is None:
                assert key & 7 == 2, f"wire type {key & 7}"
                length, at = varint(data, at)
            value = data[at:at + length]
            assert len(value) == length, "a field is cut short"
            at += length
        yield key >> 3, value


with open(sys.argv[1], "rb") as file:
    while header := file.read(12):
        check(header[:8], header[8:])
        message = file.read(struct.unpack("<Q", header[:8])[0])
        check(message, file.read(4))
        event = dict(fields(message))
        if 3 in event:
            print(event[3].decode())
        for number, value in fields(event.get(5, b"")):
            assert number == 1
            scalar = dict(fields(value))
            print(f"{event.get(2, 0)} {scalar[1].decode()} {struct.unpack('<f', scalar[2])[0]:.9g}")
