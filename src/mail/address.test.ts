import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressOptions, normalizeAddress } from './address.js';

const canonical = (text: unknown, options?: AddressOptions) => normalizeAddress(text, options)?.address;

/** Pieces that parsers of addresses stumble over, with plain text in between. */
const pieces = fc.oneof(
  fc.constantFrom('@', '.', '"', '\\', '<', '>', ',', '(', ')', ' ', '[', ']', '+', '%', '-', 'xn--', 'xn--bcher-kva'),
  fc.constantFrom(
    '\0',
    '\r\n',
    '\u200b',
    '\u202e',
    '\ud800',
    'é',
    'e\u0301',
    'İ',
    'ı',
    'Σ',
    'ſ',
    'ﬁ',
    '＠',
    'א',
    '。',
    '·',
  ),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
  fc.constantFrom('a', 'Example', '.com', '@example.com', '1'),
);
const addressLike = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc
    .tuple(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 6 }))
    .map((p) => p.join('@')),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 6 }))
    .map(([local, host]) => `${local}@${host}.com`),
);

describe('normalizeAddress', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['  ada@example.com ', 'ada@example.com'],
    ['first.last+tag@example.co.uk', 'first.last+tag@example.co.uk'],
    ["o'brien!#$%&*/=?^_`{|}~-@example.com", "o'brien!#$%&*/=?^_`{|}~-@example.com"],
    ['user%relay@example.com', 'user%relay@example.com'],
    ['e\u0301t\u00e9@example.com', '\u00e9t\u00e9@example.com'],
    ['ПОЧТА@example.com', 'почта@example.com'],
    ['ada@B\u00dcCHER.example', 'ada@b\u00fccher.example'],
    ['ada@xn--bcher-KVA.example', 'ada@b\u00fccher.example'],
    ['ada@bu\u0308cher.example', 'ada@b\u00fccher.example'],
    ['ada@example\u3002com', 'ada@example.com'],
    ['ada@\uff45xample.com', 'ada@example.com'],
    ['ada@fa\u00df.de', 'ada@fa\u00df.de'],
    ['ada@例え・テスト.jp', 'ada@例え・テスト.jp'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('takes %j as %j', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('tells the form for the wire', () => {
    expect(normalizeAddress('Ada@B\u00fccher.example')).toEqual({
      address: 'ada@b\u00fccher.example',
      local: 'ada',
      domain: 'b\u00fccher.example',
      asciiDomain: 'xn--bcher-kva.example',
      asciiAddress: 'ada@xn--bcher-kva.example',
    });
    expect(normalizeAddress('\u00e9@example.com')?.asciiAddress).toBeUndefined();
  });

  it.each([
    '',
    '@',
    'ada',
    'ada@',
    '@example.com',
    'a@b@example.com',
    '.ada@example.com',
    'ada.@example.com',
    'a..b@example.com',
    'a b@example.com',
    'ada@example',
    'ada@.example.com',
    'ada@example.com.',
    'ada@example..com',
    'ada@-a.com',
    'ada@a-.com',
    'ada@ab--c.com',
    'ada@a_b.com',
    'ada@exa mple.com',
    'ada@127.0.0.1',
    'ada@0x7f.1',
    'ada@1.2.3',
    'ada@example.1',
    'ada@[127.0.0.1]',
    'ada@example.com:25',
    'ada@example.com/x',
    'ada@example.com?x',
    'ada@example.com#x',
    'ada@exa%6dple.com',
    'ada@xn--a.com',
    'ada@xn--0.com',
    'ada@localhost',
    'ada@host.local',
    'ada@a.test',
    'ada@a.invalid',
    'ada@abc.onion',
    'ada@1.0.0.127.in-addr.arpa',
    'ada@☃.net',
    'ada@aא.com',
    'ada@1א.com',
    'ada@a·b.com',
    'ada@・.com',
    'ada@½.com',
    'ada@ü-.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(64)}.com`,
    `${'a'.repeat(64)}@${'b.'.repeat(94)}com`,
    `${'é'.repeat(64)}@${'b.'.repeat(62)}com`,
    `ada@${'中'.repeat(50)}.${'中'.repeat(50)}.jp`,
  ])('refuses %j', (text) => {
    expect(normalizeAddress(text)).toBeUndefined();
  });

  it('follows its options', () => {
    const flask = { lowercase: false, allowCompatibilityCharacters: true };
    expect(canonical('Ada@Example.com', flask)).toBe('Ada@example.com');
    expect(canonical('ﬁn@example.com', flask)).toBe('ﬁn@example.com');
    expect(canonical('Ne\u0301e@example.com', flask)).toBe('N\u00e9e@example.com');
    expect(canonical('\u00e9@example.com', { allowSmtputf8: false })).toBeUndefined();
    expect(canonical('@example.com', { allowEmptyLocal: true })).toBe('@example.com');
    expect(canonical('a@test', { testEnvironment: true })).toBe('a@test');
    expect(canonical('a@b.test', { testEnvironment: true })).toBe('a@b.test');
    expect(canonical('a@b.invalid', { testEnvironment: true })).toBeUndefined();
    expect(canonical('a@intranet', { globallyDeliverable: false })).toBe('a@intranet');
    expect(canonical('a@127.0.0.1', { globallyDeliverable: false })).toBeUndefined();
    expect(canonical('a@localhost', { globallyDeliverable: false })).toBeUndefined();
    expect(canonical('root@localhost', { globallyDeliverable: false, allowSpecialUseDomains: true })).toBe(
      'root@localhost',
    );
  });

  it('takes literals, quotes and names only when told to', () => {
    expect(canonical('a@[192.0.2.1]', { allowDomainLiteral: true })).toBe('a@[192.0.2.1]');
    expect(canonical('a@[IPv6:2001:DB8::0:1]', { allowDomainLiteral: true })).toBe('a@[IPv6:2001:db8::1]');
    expect(canonical('a@[IPv6:fe80::1%eth0]', { allowDomainLiteral: true })).toBeUndefined();
    expect(canonical('a@[192.0.2.1', { allowDomainLiteral: true })).toBeUndefined();
    expect(canonical('"a b\\"@c"@example.com', { allowQuotedLocal: true })).toBe('"a b\\"@c"@example.com');
    expect(canonical('"ada"@example.com', { allowQuotedLocal: true })).toBe('ada@example.com');
    expect(canonical('"a"b"@example.com', { allowQuotedLocal: true })).toBeUndefined();
    expect(canonical('"a\r\n"@example.com', { allowQuotedLocal: true })).toBeUndefined();
    expect(canonical('Ada B. <ada@example.com>', { allowDisplayName: true })).toBe('ada@example.com');
    expect(canonical('"B, Ada" <ada@example.com>', { allowDisplayName: true })).toBe('ada@example.com');
    expect(canonical('x@evil.com, Ada <ada@example.com>', { allowDisplayName: true })).toBeUndefined();
  });

  it('gives one @ and a form that is its own canonical form, and never throws', () => {
    const everything = {
      allowQuotedLocal: true,
      allowDomainLiteral: true,
      allowDisplayName: true,
      allowEmptyLocal: true,
    };
    fc.assert(
      fc.property(
        addressLike,
        fc.constantFrom<AddressOptions>({}, { lowercase: false }, everything),
        (text, options) => {
          const result = canonical(text, options);
          if (result === undefined) return;
          expect(canonical(result, options)).toBe(result);
          if (options.allowQuotedLocal !== true) expect(result.split('@')).toHaveLength(2);
          expect(result).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
