import { normalizeDomain } from './address-domain.js';
import { normalizeLocal } from './address-local.js';
import { type DeliverabilityOptions, isDeliverable } from './deliverability.js';
import { splitMailbox } from './mailbox.js';

/**
 * How strictly addresses are judged: the names of SECURITY_EMAIL_VALIDATOR_ARGS in camelCase (specification 1.4.1),
 * and three of our own: `allowSpecialUseDomains`, `lowercase`, `allowCompatibilityCharacters`.
 */
export interface AddressOptions {
  /** Letters beyond ASCII before the `@` (RFC 6531). Default true. */
  allowSmtputf8?: boolean;
  /** `@example.com`, as some aliases are written. Default false. */
  allowEmptyLocal?: boolean;
  /** `user@[192.0.2.1]`. Default false. */
  allowDomainLiteral?: boolean;
  /** `"any text"@example.com`. Default false. The only option that lets a second `@` into an address. */
  allowQuotedLocal?: boolean;
  /** `Name <user@example.com>`; the name is dropped. Default false. */
  allowDisplayName?: boolean;
  /** Accepts the domain `test` and everything below it, and asks no name server. Default false. */
  testEnvironment?: boolean;
  /** The domain has a dot and ends in a top-level domain. Default true. */
  globallyDeliverable?: boolean;
  /** Accepts domains reserved by RFC 6761 and its kin: `localhost`, `local`, `onion` … Default false. */
  allowSpecialUseDomains?: boolean;
  /** The local part in lower case too; the domain always is. Default true; the `flask` profile sets false. */
  lowercase?: boolean;
  /**
   * Accepts characters that are another spelling of others: the ligature in `ﬁn@`, full-width letters. Default false:
   * two accounts must not differ by them alone (attack line P6). The `flask` profile sets true.
   */
  allowCompatibilityCharacters?: boolean;
}

/** An address in the one form that is stored, mailed and compared. */
export interface NormalizedAddress {
  /** `local@domain`. */
  address: string;
  local: string;
  /** In lower case, internationalized labels as Unicode. */
  domain: string;
  /** As name servers and mail servers know it: internationalized labels as `xn--…`. */
  asciiDomain: string;
  /** The whole address in ASCII, or `undefined` if its local part needs SMTPUTF8. */
  asciiAddress: string | undefined;
}

/** Octets of a whole address: RFC 3696 with errata 1003 and 1690. */
const maximumAddressBytes = 254;
/** No acceptable spelling is longer, display name included: the rest is refused unread. */
const maximumInputLength = 1024;

/**
 * The canonical form of an address, or `undefined` if the value is none. Never throws, asks nobody, reads at most 1024
 * characters. The result normalizes to itself and, quoted local parts aside, has exactly one `@`.
 *
 * Spaces around the address are dropped. Lists, comments, control, bidirectional and invisible characters refuse it,
 * and so does a value that is not text.
 *
 * Specification 3.1.6, MailUtil.normalize.
 *
 * @example normalizeAddress('Ada@Bücher.Example')?.address // 'ada@bücher.example'
 */
export function normalizeAddress(text: unknown, options: AddressOptions = {}): NormalizedAddress | undefined {
  if (typeof text !== 'string' || text.length > maximumInputLength) return undefined;
  const trimmed = trimSpaces(text);
  const bare = options.allowDisplayName === true ? splitMailbox(trimmed)?.address : trimmed;
  const at = bare?.lastIndexOf('@') ?? -1;
  if (bare === undefined || at === -1) return undefined;

  const local = normalizeLocal(bare.slice(0, at), options);
  const domain = normalizeDomain(bare.slice(at + 1), options);
  if (local === undefined || domain === undefined) return undefined;
  const address = `${local}@${domain.domain}`;
  const wire = `${local}@${domain.asciiDomain}`;
  if (Buffer.byteLength(address) > maximumAddressBytes || Buffer.byteLength(wire) > maximumAddressBytes) {
    return undefined;
  }
  return { address, local, ...domain, asciiAddress: /^[ -~]*$/.test(local) ? wire : undefined };
}

/** Only the space: a line break beside an address is an attempt at a header, not a slip of the thumb. */
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

export interface ValidateAddressOptions extends AddressOptions, DeliverabilityOptions {
  /** Asks the domain's name servers whether it takes mail. Default true. */
  checkDeliverability?: boolean;
}

/** The canonical address, or why it was refused. */
export type AddressVerdict =
  | { address: NormalizedAddress; error?: undefined }
  | { address?: undefined; error: 'invalid' | 'undeliverable' };

/**
 * Normalizes an address and, unless told otherwise, asks whether its domain takes mail. Never rejects: name servers
 * that fail or stay silent for `timeout` count in the address's favour.
 *
 * Specification 3.1.6, MailUtil.validate.
 */
export async function validateAddress(text: unknown, options: ValidateAddressOptions = {}): Promise<AddressVerdict> {
  const address = normalizeAddress(text, options);
  if (address === undefined) return { error: 'invalid' };
  const isLiteral = address.domain.startsWith('[');
  if (options.checkDeliverability === false || options.testEnvironment === true || isLiteral) return { address };
  return (await isDeliverable(address.asciiDomain, options)) ? { address } : { error: 'undeliverable' };
}
