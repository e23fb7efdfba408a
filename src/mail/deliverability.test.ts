import { describe, expect, it } from 'vitest';
import { validateAddress } from './address.js';
import type { AddressResolver } from './deliverability.js';

function failure(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}

/** Name servers that know nothing but what they are given. */
function nameServers(known: Partial<AddressResolver> = {}): AddressResolver {
  const none = () => failure('ENODATA');
  return { resolveMx: none, resolve4: none, resolve6: none, resolveTxt: none, ...known };
}

const verdict = async (resolver: AddressResolver, timeout = 1000) =>
  (await validateAddress('Ada@Bücher.example', { resolver, timeout })).error ?? 'fine';

describe('validateAddress', () => {
  it('asks for the domain as name servers know it', async () => {
    const asked: string[] = [];
    const resolver = nameServers({
      resolveMx: async (domain) => {
        asked.push(domain);
        return [{ exchange: 'mail.example', priority: 1 }];
      },
    });
    expect(await validateAddress('Ada@Bücher.example', { resolver })).toMatchObject({
      address: { address: 'ada@bücher.example' },
    });
    expect(asked).toEqual(['xn--bcher-kva.example']);
  });

  it.each<[string, Partial<AddressResolver>, string]>([
    ['an exchanger', { resolveMx: async () => [{ exchange: 'mail.example', priority: 1 }] }, 'fine'],
    ['a null MX', { resolveMx: async () => [{ exchange: '', priority: 0 }] }, 'undeliverable'],
    ['a null MX with a dot', { resolveMx: async () => [{ exchange: '.', priority: 0 }] }, 'undeliverable'],
    ['no such domain', { resolveMx: () => failure('ENOTFOUND'), resolve4: async () => ['192.0.2.1'] }, 'undeliverable'],
    ['only an address', { resolve4: async () => ['192.0.2.1'] }, 'fine'],
    ['only an IPv6 address', { resolve6: async () => ['2001:db8::1'] }, 'fine'],
    [
      'an address that sends no mail',
      { resolve4: async () => ['192.0.2.1'], resolveTxt: async () => [['v=spf1 ', '-all']] },
      'undeliverable',
    ],
    [
      'an address whose texts cannot be had',
      { resolve4: async () => ['192.0.2.1'], resolveTxt: () => failure('ESERVFAIL') },
      'fine',
    ],
    ['nothing', {}, 'undeliverable'],
    ['a failing server', { resolveMx: () => failure('ESERVFAIL') }, 'fine'],
    ['a refused connection', { resolveMx: () => failure('ECONNREFUSED') }, 'fine'],
    ['a timeout', { resolveMx: () => failure('ETIMEOUT') }, 'fine'],
    [
      'a resolver that throws at once',
      {
        resolveMx: () => {
          throw new TypeError('broken');
        },
      },
      'fine',
    ],
  ])('%s', async (_name, known, expected) => {
    expect(await verdict(nameServers(known))).toBe(expected);
  });

  it('does not wait for silent name servers', async () => {
    expect(await verdict(nameServers({ resolveMx: () => new Promise(() => undefined) }), 20)).toBe('fine');
  });

  it('asks nobody about what is no address, nor when told not to', async () => {
    const resolver = nameServers({
      resolveMx: () => {
        throw new Error('asked');
      },
      resolve4: () => failure('ENOTFOUND'),
    });
    expect(await validateAddress('nobody', { resolver })).toEqual({ error: 'invalid' });
    const denying = nameServers();
    expect((await validateAddress('user@example.com', { resolver: denying })).error).toBe('undeliverable');
    expect(
      (await validateAddress('user@example.com', { resolver: denying, checkDeliverability: false })).error,
    ).toBeUndefined();
    expect((await validateAddress('user@a.test', { resolver: denying, testEnvironment: true })).error).toBeUndefined();
  });
});
