import { BlockList, isIP, isIPv4 } from 'node:net';

/** Tells whether an address lies in one of the given CIDR ranges. */
export type AddressMatcher = (address: string) => boolean;

/**
 * Parses CIDR ranges (`10.0.0.0/8`, `::1/128`, or one plain address). `problems` names what could not be read.
 */
export function parseCidrs(ranges: readonly string[]): { matches: AddressMatcher; problems: string[] } {
  const list = new BlockList();
  const problems: string[] = [];
  for (const range of ranges) {
    const [address = '', prefix, extra] = range.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
    const readable = version !== 0 && extra === undefined && /^\d{1,3}$/.test(prefix ?? '0');
    if (!readable || bits > (version === 4 ? 32 : 128)) {
      problems.push(range);
      continue;
    }
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    problems,
    matches: (address) => isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6'),
  };
}

/** The canonical text of an address: zone dropped, IPv4-mapped IPv6 folded to IPv4; `undefined` when it is none. */
export function canonicalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let address = text.trim();
  const zone = address.indexOf('%');
  if (zone > 0) address = address.slice(0, zone);
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped?.[1] && isIPv4(mapped[1])) return mapped[1];
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}

/** One hop of `X-Forwarded-For`: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text);
  if (bracketed) return canonicalAddress(bracketed[1]);
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text);
  return canonicalAddress(withPort ? withPort[1] : text);
}

/**
 * The client's address: the connection's peer, or, while the hop before is a trusted proxy, the right-most hop of
 * `X-Forwarded-For` that is not one. A hop that is no address ends the walk: nothing left of it is believed.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: AddressMatcher,
): string | undefined {
  let address = canonicalAddress(peer);
  if (forwardedFor === undefined || address === undefined) return address;
  const hops = forwardedFor.slice(-4096).split(',');
  for (let index = hops.length - 1; index >= 0 && trusted(address); index -= 1) {
    const hop = hopAddress(hops[index] ?? '');
    if (hop === undefined) return address;
    address = hop;
  }
  return address;
}
