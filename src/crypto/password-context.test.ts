import { describe, expect, test } from 'vitest';
import { createPasswordContext, type PasswordContextOptions, type PasswordScheme } from './password-context.js';

const parameters = {
  argon2: { memory_cost: 64, rounds: 1 },
  bcrypt: { rounds: 4 },
  scrypt: { rounds: 4 },
  pbkdf2_sha256: { rounds: 10 },
  pbkdf2_sha512: { rounds: 10 },
};
const create = (options: Partial<PasswordContextOptions> = {}) =>
  createPasswordContext({ passwordSalt: 'pepper', singleHash: [], parameters, ...options });

describe('password context', () => {
  test('hashes with argon2id and OWASP’s parameters when nothing else is said', async () => {
    const context = createPasswordContext({ singleHash: true });
    const hash = await context.hash('secret');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await context.verifyAndUpdate('secret', hash)).toEqual({ valid: true });
  });

  test('doubles exactly the schemes that are not listed', async () => {
    const double = create();
    const single = create({ singleHash: ['argon2'] });
    const none = createPasswordContext({ singleHash: [], parameters });
    const hash = await double.hash('secret');
    expect(await double.verify('secret', hash)).toBe(true);
    expect(await single.verify('secret', hash)).toBe(false);
    expect(await single.verify(double.hmac('secret'), hash)).toBe(true);
    expect(await none.verify(double.hmac('secret'), hash)).toBe(true);
    expect(() => none.hmac('x')).toThrow(/passwordSalt/);
  });

  test('an old hash is replaced after a success and only then', async () => {
    const old = await create({ scheme: 'bcrypt' }).hash('secret');
    const context = create();
    expect(await context.verifyAndUpdate('wrong', old)).toEqual({ valid: false });
    const { valid, newHash } = await context.verifyAndUpdate('secret', old);
    expect(valid).toBe(true);
    expect(newHash).toMatch(/^\$argon2id\$/);
    expect(await context.verifyAndUpdate('secret', newHash ?? '')).toEqual({ valid: true });
  });

  test('a weaker hash of the same scheme is replaced, a stronger one is left alone', async () => {
    const weak = await create().hash('secret');
    const strong = create({ parameters: { argon2: { memory_cost: 128, rounds: 2 } } });
    expect((await strong.verifyAndUpdate('secret', weak)).newHash).toContain('m=128,t=2');
    expect(await create().verifyAndUpdate('secret', await strong.hash('secret'))).toEqual({ valid: true });
  });

  test('`deprecated` says which schemes are replaced', async () => {
    const old = await create({ scheme: 'bcrypt' }).hash('secret');
    expect(await create({ deprecated: [] }).verifyAndUpdate('secret', old)).toEqual({ valid: true });
    expect((await create({ deprecated: ['bcrypt'] }).verifyAndUpdate('secret', old)).newHash).toBeDefined();
  });

  test('takes a scheme of the application’s own', async () => {
    const own: PasswordScheme = {
      name: 'reversed',
      defaults: {},
      bounds: {},
      identify: (hash) => hash.startsWith('reversed:'),
      costs: () => ({}),
      hash: async (secret) => `reversed:${Buffer.from(secret).reverse().toString('hex')}`,
      verify: async (secret, hash) => hash === `reversed:${Buffer.from(secret).reverse().toString('hex')}`,
      needsUpdate: () => false,
    };
    const context = create({ schemes: ['argon2', own] });
    const hash = await create({ scheme: 'reversed', schemes: [own] }).hash('secret');
    expect((await context.verifyAndUpdate('secret', hash)).newHash).toMatch(/^\$argon2id\$/);
  });

  test('plaintext is for tests: refused in production, to hash and to verify', async () => {
    expect(() => create({ scheme: 'plaintext', production: true })).toThrow(/production/);
    const options = { schemes: ['argon2', 'plaintext'] };
    expect(await create(options).verify('secret', 'secret')).toBe(true);
    expect(await create({ ...options, production: true }).verify('secret', 'secret')).toBe(false);
  });

  test('refuses to start with an unknown or only recognised scheme', () => {
    expect(() => create({ scheme: 'md5' })).toThrow(RangeError);
    expect(() => create({ scheme: 'bcrypt', schemes: ['argon2'] })).toThrow(RangeError);
    expect(() => create({ scheme: 'des_crypt', schemes: ['des_crypt'] })).toThrow(RangeError);
  });
});
