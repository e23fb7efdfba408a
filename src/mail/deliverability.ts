import { promises as dns } from 'node:dns';

/** The part of `dns.promises.Resolver` that is used; anything with these methods will do. */
export interface AddressResolver {
  resolveMx(domain: string): Promise<{ exchange: string; priority: number }[]>;
  resolve4(domain: string): Promise<string[]>;
  resolve6(domain: string): Promise<string[]>;
  resolveTxt(domain: string): Promise<string[][]>;
}

export interface DeliverabilityOptions {
  /** Milliseconds for all lookups of one address together. Default 5000. */
  timeout?: number;
  /** Whom to ask. Default: the name servers of the machine. */
  resolver?: AddressResolver;
}

/**
 * Does this domain take mail? Mail exchangers first, an address record in their stead (RFC 5321 5.1). No, for a domain
 * that does not exist, has none of these, or says that it takes none (RFC 7505). Yes, if the lookup fails or takes
 * longer than the timeout. Never rejects.
 */
export async function isDeliverable(asciiDomain: string, options: DeliverabilityOptions = {}): Promise<boolean> {
  const timeout = options.timeout ?? 5000;
  const own = options.resolver === undefined ? new dns.Resolver({ timeout, tries: 1 }) : undefined;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), timeout);
  });
  try {
    return await Promise.race([ask(asciiDomain, options.resolver ?? own ?? dns), silence]);
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
    own?.cancel();
  }
}

async function ask(domain: string, resolver: AddressResolver): Promise<boolean> {
  const exchangers = await records(resolver.resolveMx(domain));
  if (exchangers === 'no such domain') return false;
  if (exchangers.length > 0) return exchangers.some(({ exchange }) => exchange !== '' && exchange !== '.');
  if (!(await hasAddress(domain, resolver))) return false;
  // A host that is no mail exchanger and says that it sends no mail is not there for mail.
  const texts = await records(resolver.resolveTxt(domain));
  return texts === 'no such domain' || !texts.some((parts) => parts.join('') === 'v=spf1 -all');
}

async function hasAddress(domain: string, resolver: AddressResolver): Promise<boolean> {
  const four = await records(resolver.resolve4(domain));
  if (four !== 'no such domain' && four.length > 0) return true;
  const six = await records(resolver.resolve6(domain));
  return six !== 'no such domain' && six.length > 0;
}

/** Tells "there is none" from "it could not be found out", which is thrown. */
async function records<Answer>(lookup: Promise<Answer[]>): Promise<Answer[] | 'no such domain'> {
  try {
    return await lookup;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND') return 'no such domain';
    if (code === 'ENODATA') return [];
    throw error;
  }
}
