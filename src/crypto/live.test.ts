import { describe, expect, test } from 'vitest';
import { createPasswordContext, flaskPasswordParameters, type PasswordParameters } from './password-context.js';
import { createRememberCookie } from './remember-cookie.js';
import { createTimedSerializer, type Digest, type KeyDerivation } from './serializer.js';
import { createSessionCookie } from './session-cookie.js';
import { originalInstalled, runOriginal } from './testing/original.js';

const keys = ['a-live-key', 'an-old-live-key'];
const now = 1_700_000_123;
const salt = '146585145368132386173505678016728509634';

describe.skipIf(!originalInstalled)('beside the running original', () => {
  const combinations = (['sha1', 'sha256', 'sha512'] as const).flatMap((digest: Digest) =>
    (['django-concat', 'concat', 'hmac', 'none'] as const).map((derivation: KeyDerivation) => ({ digest, derivation })),
  );
  const values = [null, 'ü', ['x', 1], { a: 'b'.repeat(500), c: [1.25, true] }];

  test('timed tokens, both directions, all digests and derivations, rotated keys', () => {
    const cases = combinations.flatMap((combination) =>
      values.map((value) => ({ ...combination, value, salt: 'live', keys })),
    );
    const ours = (item: (typeof cases)[number], secretKeys = keys) =>
      createTimedSerializer({ secretKeys, salt: 'live', digest: item.digest, keyDerivation: item.derivation });

    const written = runOriginal(cases.map((item) => ({ ...item, op: 'dumps', now })));
    expect(written).toEqual(cases.map((item) => ours(item).dumps(item.value, now * 1000)));
    for (const [index, item] of cases.entries()) {
      const loaded = ours(item).loads(String(written[index]), { maxAge: 10, now: (now + 10) * 1000 });
      expect(loaded).toEqual({ ok: true, value: item.value, issuedAt: now * 1000 });
    }

    const byOldKey = cases.map((item) => ({
      ...item,
      op: 'loads',
      token: ours(item, [keys[1] ?? '']).dumps(item.value, now * 1000),
      now: now + 10,
      maxAge: 10,
    }));
    expect(runOriginal(byOldKey)).toEqual(cases.map(({ value }) => ({ value, issued: now })));
  });

  test('T3 the same moment divides valid from expired, forwards and backwards', () => {
    const serializer = createTimedSerializer({ secretKeys: keys, salt: 'live' });
    const token = serializer.dumps('x', now * 1000);
    const ages = [-2, -1, 0, 4, 5, 6, 100];
    const theirs = runOriginal(
      ages.map((age) => ({
        op: 'loads',
        keys,
        salt: 'live',
        digest: 'sha1',
        derivation: 'django-concat',
        token,
        now: now + age,
        maxAge: 5,
      })),
    );
    const ours = ages.map((age) => serializer.loads(token, { maxAge: 5, now: (now + age) * 1000 }).ok);
    expect(theirs.map((result) => !JSON.stringify(result).includes('expired'))).toEqual(ours);
    expect(ours).toEqual([false, false, true, true, true, false, false]);
  });

  test('session cookies: what the original wrote comes back to it as the same Python values', () => {
    const cookie = createSessionCookie({ secretKeys: keys });
    const [written] = runOriginal([{ op: 'session_dumps', keys, kinds: true, now }]);
    const session = cookie.open(String(written), { maxAge: 60, now: now * 1000 });
    const sealed = cookie.seal(session ?? {}, now * 1000);
    const flashes = cookie.seal({ _flashes: [['message', 'hello']], n: 1 }, now * 1000);
    const [kinds, flashed] = runOriginal(
      [sealed, flashes].map((token) => ({ op: 'session_loads', keys, token, now, maxAge: 60 })),
    );
    expect(kinds).toMatchObject({ same: true });
    expect(flashed).toMatchObject({ text: "[('_flashes', [('message', 'hello')]), ('n', 1)]" });
  });

  test('remember cookies', () => {
    const cookie = createRememberCookie({ secretKeys: keys });
    const [written, read] = runOriginal([
      { op: 'remember', keys, payload: 'ab|c' },
      { op: 'remember', keys, cookie: cookie.seal('ü') },
    ]);
    expect(cookie.open(String(written))).toBe('ab|c');
    expect(read).toBe('ü');
  });

  const cost: PasswordParameters = {
    ...flaskPasswordParameters,
    argon2: { rounds: 3, memory_cost: 1024, parallelism: 2 },
    bcrypt: { rounds: 5 },
    scrypt: { rounds: 8 },
  };
  const schemes = [
    'bcrypt',
    'argon2',
    'pbkdf2_sha256',
    'pbkdf2_sha512',
    'scrypt',
    'sha256_crypt',
    'sha512_crypt',
    'plaintext',
  ];
  const cases = schemes.flatMap((scheme) => [true, false].map((single) => ({ scheme, single })));
  const password = 'correct horse ü 😀';

  test('password hashes of every scheme, single and double, both directions', async () => {
    const context = ({ scheme, single }: (typeof cases)[number]) =>
      createPasswordContext({ scheme, schemes, passwordSalt: salt, singleHash: single || [], parameters: cost });
    const theirs = runOriginal(cases.map((item) => ({ ...item, op: 'passwords', salt, password })));
    for (const [index, item] of cases.entries()) {
      const hash = String(theirs[index]);
      expect([item, await context(item).verify(password, hash)]).toEqual([item, true]);
      expect([item, await context(item).verify('correct horse', hash)]).toEqual([item, false]);
    }
    const ours = await Promise.all(cases.map((item) => context(item).hash(password)));
    const verified = runOriginal(
      cases.flatMap((item, index) => [
        { ...item, op: 'passwords', salt, password, hash: ours[index] },
        { ...item, op: 'passwords', salt, password: 'correct horse', hash: ours[index] },
      ]),
    );
    expect(verified).toEqual(cases.flatMap(() => [true, false]));
  });

  test('a hash made with the flask parameters is one that the original would make', async () => {
    for (const scheme of schemes.slice(0, -1)) {
      const context = createPasswordContext({ scheme, schemes, singleHash: true, parameters: flaskPasswordParameters });
      const options = { argon2__rounds: 10 };
      const [theirs] = runOriginal([{ op: 'passwords', scheme, single: true, password, options }]);
      const shape = (hash: string) => hash.replace(/[^$=,]{16,}/g, (part) => `${part.length}`);
      expect(shape(await context.hash(password))).toBe(shape(String(theirs)));
      expect(await context.verifyAndUpdate(password, String(theirs))).toEqual({ valid: true });
    }
  });
});
