import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePasslibOptions, schemeParameters } from './parameters.js';
import { passwordSchemes, resolveSchemes } from './registry.js';
import { decodeBase64, encodeBase64, type SchemeParameters } from './scheme.js';
import { isUnsupported } from './unsupported.js';

const cheap: Readonly<Record<string, SchemeParameters>> = {
  argon2: { memory_cost: 64, rounds: 1 },
  bcrypt: { rounds: 4 },
  scrypt: { rounds: 4 },
  pbkdf2_sha256: { rounds: 10 },
  pbkdf2_sha512: { rounds: 10 },
  sha256_crypt: { rounds: 1000 },
  sha512_crypt: { rounds: 1000 },
};
const schemes = [...passwordSchemes.values()].filter((scheme) => !isUnsupported(scheme));

describe.each(schemes)('$name', (scheme) => {
  const parameters = schemeParameters(scheme, cheap[scheme.name]);
  const secret = Buffer.from('correct horse ü');

  test('verifies what it hashed, and nothing else', async () => {
    const hash = await scheme.hash(secret, parameters);
    expect(scheme.identify(hash)).toBe(true);
    expect(scheme.costs(hash)).toBeDefined();
    expect(scheme.needsUpdate(hash, parameters)).toBe(false);
    expect(await scheme.verify(secret, hash)).toBe(true);
    expect(await scheme.verify(Buffer.from('correct horse'), hash)).toBe(false);
    expect(await scheme.verify(Buffer.alloc(0), hash)).toBe(false);
  });

  test('salts: the same password never gives the same hash', async () => {
    const [first, second] = await Promise.all([scheme.hash(secret, parameters), scheme.hash(secret, parameters)]);
    if (scheme.name !== 'plaintext') expect(first).not.toBe(second);
  });

  test('a damaged hash verifies nothing and throws nothing', async () => {
    const hash = await scheme.hash(secret, parameters);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(hash.length),
        fc.nat(hash.length),
        fc.string({ maxLength: 3 }),
        async (from, length, text) => {
          const damaged = hash.slice(0, from) + text + hash.slice(from + length);
          // Costs that became huge are for the next test: here they would only take time.
          if (damaged !== hash && !/[1-9]\d[,$]/.test(damaged))
            expect(await scheme.verify(Buffer.from('wrong'), damaged)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });
});

const tail = `$${'A'.repeat(22)}$${'A'.repeat(43)}`;
test.each([
  ['argon2', `$argon2id$v=19$m=4194304,t=1,p=1${tail}`],
  ['argon2', `$argon2id$v=19$m=65536,t=99999,p=1${tail}`],
  ['argon2', `$argon2id$v=19$m=65536,t=1,p=16777215${tail}`],
  ['argon2', `$argon2id$v=19$m=524288,t=64,p=1${tail}`],
  ['argon2', `$argon2id$v=19$m=99999999999999999999,t=1,p=1${tail}`],
  ['bcrypt', `$2b$31$${'a'.repeat(53)}`],
  ['scrypt', `$scrypt$ln=30,r=8,p=1${tail}`],
  ['scrypt', `$scrypt$ln=18,r=64,p=1${tail}`],
  ['scrypt', `$scrypt$ln=16,r=8,p=1000000${tail}`],
  ['pbkdf2_sha256', `$pbkdf2-sha256$4294967295${tail}`],
  ['pbkdf2_sha512', `$pbkdf2-sha512$100000000$${'A'.repeat(22)}$${'A'.repeat(86)}`],
  ['sha256_crypt', `$5$rounds=999999999$salt$${'A'.repeat(43)}`],
  ['sha512_crypt', `$6$rounds=1000001$salt$${'A'.repeat(86)}`],
  ['sha512_crypt', `$6$rounds=999$salt$${'A'.repeat(86)}`],
])('P4 a %s hash with huge costs is not computed: %s', async (name, hash) => {
  const scheme = passwordSchemes.get(name);
  expect(scheme?.identify(hash)).toBe(true);
  expect(await scheme?.verify(Buffer.from('x'), hash)).toBe(false);
});

test('P4 bcrypt itself refuses what it would cut or fold', async () => {
  const [bcrypt] = resolveSchemes(['bcrypt']);
  const parameters = { rounds: 4, ident: '2b' };
  for (const secret of [Buffer.alloc(73, 'a'), Buffer.from('a\0a')]) {
    await expect(bcrypt?.hash(secret, parameters)).rejects.toThrow(RangeError);
  }
  const hash = (await bcrypt?.hash(Buffer.from('a'), parameters)) ?? '';
  expect(await bcrypt?.verify(Buffer.from('a\0a'), hash)).toBe(false);
  const full = (await bcrypt?.hash(Buffer.alloc(72, 'a'), parameters)) ?? '';
  expect(await bcrypt?.verify(Buffer.alloc(72, 'a'), full)).toBe(true);
  expect(await bcrypt?.verify(Buffer.alloc(73, 'a'), full)).toBe(false);
});

test('base64 variants come back, and only in their canonical form', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 70 }),
      fc.constantFrom('standard' as const, 'dot' as const),
      (bytes, variant) => {
        expect(decodeBase64(encodeBase64(bytes, variant), variant)).toEqual(Buffer.from(bytes));
      },
    ),
  );
  expect(encodeBase64(Buffer.from([0xfb, 0xff]), 'dot')).toBe('./8');
  for (const text of ['YQ==', 'YR', '-_8', 'Y Q']) expect(decodeBase64(text)).toBeUndefined();
});

describe('passlib options', () => {
  test('are read by scheme, with their aliases', () => {
    expect(
      parsePasslibOptions({
        argon2__rounds: 10,
        argon2__salt_len: 32,
        bcrypt__default_rounds: '13',
        bcrypt__ident: '2y',
      }),
    ).toEqual({
      argon2: { rounds: 10, salt_size: 32 },
      bcrypt: { rounds: 13, ident: '2y' },
    });
  });

  test.each([{ rounds: 1 }, { __rounds: 1 }, { argon2__: 1 }, { a__b__c: 1 }, { argon2__rounds: null }])(
    'refuses %j',
    (options) => {
      expect(() => parsePasslibOptions(options)).toThrow(RangeError);
    },
  );

  test.each([
    ['argon2', { rouns: 1 }],
    ['argon2', { rounds: 0 }],
    ['argon2', { rounds: 'x' }],
    ['argon2', { memory_cost: 1e9 }],
    ['bcrypt', { rounds: 3 }],
    ['bcrypt', { rounds: 17 }],
    ['bcrypt', { rounds: 12.5 }],
    ['plaintext', { rounds: 1 }],
  ])('%s does not start with %j', (name, given) => {
    const [scheme] = resolveSchemes([name]);
    if (scheme === undefined) throw new Error('no scheme');
    expect(() => schemeParameters(scheme, given)).toThrow(RangeError);
  });

  test('an unknown scheme is refused by name', () => {
    expect(() => resolveSchemes(['md5'])).toThrow(/md5.*argon2/);
  });
});
