# Reads token payloads as a Python service does: python3 parse_back.py FILE. FILE holds one payload a line, base64url. Prints every member, see Dump in Injection_reaches_no_parser.cs.
import base64
import json
import struct
import sys


def hexadecimal(text):
    return text.encode("utf-16-be", "surrogatepass").hex()


def dump(value, path):
    if isinstance(value, bool):
        print(f"{path}?{'true' if value else 'false'}")
    elif isinstance(value, str):
        print(f"{path}={hexadecimal(value)}")
    elif isinstance(value, (int, float)):
        print(f"{path}#{struct.pack('>d', value + 0.0).hex()}")
    else:
        for name, member in value.items():
            dump(member, f"{path}/{hexadecimal(name)}")


with open(sys.argv[1], encoding="ascii") as payloads:
    for line in payloads:
        payload = json.loads(base64.urlsafe_b64decode(line.strip() + "==").decode("utf-8"))
        dump(payload, "payload")
        dump(json.loads(payload["lwicontexts"]), "context")
