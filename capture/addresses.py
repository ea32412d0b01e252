"""Which internet addresses a capture may reach: pure judgement and name resolution (SSRF).

Knows nothing of the browser; `capture.guard` asks here.
"""

import asyncio
import ipaddress
import re
import socket
from contextlib import suppress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, seen through IPv6's wrappings."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


async def resolve(host: str) -> list[str]:
    """All addresses of a host name or of an address written out; none when it is unknown."""
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        with suppress(ValueError):
            return [str(ipaddress.ip_address(host.split("%", maxsplit=1)[0]))]
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]
