"""Writes safetensors files where the package of that name is not installed: a header of JSON, then the numbers."""
import json
import struct


def write(tensors, filename):
    """tensors: name -> (shape, bytes of float32)."""
    header, offset = {}, 0
    for name, (shape, data) in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    with open(filename, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, data in tensors.values()))
