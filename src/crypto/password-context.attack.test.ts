import { describe, expect, test } from 'vitest';
import { createHashQueue, HashQueueFullError } from './hash-queue.js';
import {
  createPasswordContext,
  type PasswordContextOptions,
  PasswordRefusedError,
  type PasswordScheme,
  passwordSchemes,
  type RefusedHash,
} from './password-context.js';

const parameters = { argon2: { memory_cost: 64, rounds: 1 }, bcrypt: { rounds: 4 } };
const everything = [
  'bcrypt',
  'argon2',
  'des_crypt',
  'pbkdf2_sha256',
  'pbkdf2_sha512',
  'sha256_crypt',
  'sha512_crypt',
  'plaintext',
];
const create = (options: Partial<PasswordContextOptions> = {}) =>
  createPasswordContext({ passwordSalt: 'pepper', singleHash: [], parameters, ...options });

describe('P4 bcrypt and costs', () => {
  const long = 'x'.repeat(72);

  test('P4 two passwords equal in the first 72 bytes are two passwords, NUL or not', async () => {
    const context = create({ scheme: 'bcrypt' });
    const hash = await context.hash(`${long}a`);
    expect(await context.verify(`${long}a`, hash)).toBe(true);
    expect(await context.verify(`${long}b`, hash)).toBe(false);
    const nul = await context.hash('a\0b');
    expect(await context.verify('a\0b', nul)).toBe(true);
    expect(await context.verify('a\0c', nul)).toBe(false);
    expect(await context.verify('a', nul)).toBe(false);
  });

  test('P4 single bcrypt refuses what it would cut, counted in bytes', async () => {
    const context = create({ scheme: 'bcrypt', singleHash: true });
    const hash = await context.hash(long);
    expect(await context.verify(long, hash)).toBe(true);
    expect(await context.verify(`${long}a`, hash)).toBe(false);
    for (const password of [`${long}a`, 'ü'.repeat(37), 'a\0a']) {
      await expect(context.hash(password)).rejects.toThrow(PasswordRefusedError);
    }
  });

  test('P4 a stored hash with huge costs is refused and reported without the hash', async () => {
    const reports: RefusedHash[] = [];
    const context = create({ onRefusedHash: (refused) => reports.push(refused) });
    const tail = `$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    expect(await context.verify('x', `$argon2id$v=19$m=4000000,t=1000,p=1${tail}`)).toBe(false);
    expect(await context.verify('x', `$2b$31$${'a'.repeat(53)}`)).toBe(false);
    expect(await context.verify('x', '$argon2id$broken')).toBe(false);
    expect(await context.verify('x', 'what is this')).toBe(false);
    expect(reports).toEqual([
      { reason: 'too-costly', scheme: 'argon2', detail: 'memory_cost 4000000 is above 524288' },
      { reason: 'too-costly', scheme: 'bcrypt', detail: 'rounds 31 is above 16' },
      { reason: 'malformed', scheme: 'argon2' },
      { reason: 'unrecognised' },
    ]);
  });
});

describe('P5 length and content', () => {
  test.each(['argon2', 'bcrypt', 'scrypt', 'pbkdf2_sha256', 'pbkdf2_sha512'])(
    'P5 %s: 1 MB and a million emoji neither throw nor verify',
    async (scheme) => {
      for (const singleHash of [true, []] as const) {
        const context = create({ scheme, singleHash, parameters: { ...parameters, [scheme]: cheap[scheme] ?? {} } });
        const hash = await context.hash('secret');
        for (const password of ['a'.repeat(1_000_000), '😀'.repeat(1_000_000), '\0', '\ud800', 'secret\udc00']) {
          expect(await context.verify(password, hash)).toBe(false);
        }
      }
    },
  );

  test('P5 halves of surrogate pairs are refused, not folded into one another', async () => {
    const context = create();
    await expect(context.hash('a\ud800')).rejects.toThrow(PasswordRefusedError);
    expect(await context.verify('a\ud801', await context.hash('a\ufffd'))).toBe(false);
  });
});

describe('P8 absent, empty, unusable', () => {
  test('P8 an empty password is never hashed and never verifies', async () => {
    for (const scheme of ['argon2', 'bcrypt', 'plaintext']) {
      const context = create({ scheme, schemes: everything, singleHash: true });
      await expect(context.hash('')).rejects.toThrow(PasswordRefusedError);
      const empty =
        (await passwordSchemes
          .get(scheme)
          ?.hash(Buffer.alloc(0), { ...passwordSchemes.get(scheme)?.defaults, rounds: 4 })
          .catch(() => '')) ?? '';
      expect(await context.verify('', empty)).toBe(false);
    }
  });

  test('P8 no stored text that is not a whole hash verifies, typed as the password or not', async () => {
    const context = create({ schemes: everything, singleHash: true });
    const stored = [
      '',
      '!',
      '*',
      '!!',
      '*LK*',
      '$',
      '$2b$12$',
      '$argon2id$',
      '$5$rounds=5000$salt$hash',
      '$6$salt$hash',
      'abJnggxhB/yWI',
      'md5$a$b',
      '{SHA}x',
      '$1$a$b',
    ];
    for (const hash of stored) {
      for (const password of ['', 'x', hash])
        expect([hash, password, await context.verify(password, hash)]).toEqual([hash, password, false]);
    }
    for (const hash of [null, undefined]) expect(await context.verify('x', hash)).toBe(false);
    // A row from elsewhere may carry anything.
    expect(await context.verify('x', 7 as unknown as string)).toBe(false);
  });
});

describe('P2 equal work', () => {
  // Counts instead of clocks: which hashings did an answer cost?
  const counted = () => {
    const work: string[] = [];
    const wrap = (name: string): PasswordScheme => {
      const scheme = passwordSchemes.get(name);
      if (scheme === undefined) throw new Error('no scheme');
      return {
        ...scheme,
        hash: (secret, given) => {
          work.push(`${name} ${given.rounds}`);
          return scheme.hash(secret, given);
        },
        verify: (secret, hash) => {
          work.push(`${name} ${scheme.costs(hash)?.rounds}`);
          return scheme.verify(secret, hash);
        },
      };
    };
    const context = create({ schemes: [wrap('argon2'), wrap('bcrypt')] });
    return { context, take: () => work.splice(0).sort() };
  };

  test('P2 unknown user, missing, unusable or too costly hash, empty password: all cost one present hashing', async () => {
    const { context, take } = counted();
    const current = await context.hash('secret');
    take();
    expect(await context.verify('wrong', current)).toBe(false);
    const known = take();
    expect(known).toEqual(['argon2 1']);
    await context.dummyVerify('wrong');
    expect(take()).toEqual(known);
    for (const hash of [null, '', '!', '$argon2id$x', `$2b$31$${'a'.repeat(53)}`]) {
      await context.verify('wrong', hash);
      expect(take()).toEqual(known);
    }
    for (const password of ['', '\ud800']) {
      await context.verify(password, current);
      expect(take()).toEqual(known);
      await context.dummyVerify(password);
      expect(take()).toEqual(known);
    }
  });

  test('P2 an old cheap hash costs a present hashing beside it, right or wrong', async () => {
    const { context, take } = counted();
    const old = await create({ scheme: 'bcrypt' }).hash('secret');
    expect(await context.verify('wrong', old)).toBe(false);
    expect(take()).toEqual(['argon2 1', 'bcrypt 4']);
    expect(await context.verify('secret', old)).toBe(true);
    expect(take()).toEqual(['argon2 1', 'bcrypt 4']);
  });
});

test('A6 all hashing goes through the queue, and a full one says so', async () => {
  const queue = createHashQueue({ concurrency: 1, limit: 0 });
  const context = create({ queue });
  const hash = await context.hash('secret');
  let free: () => void = () => {};
  const busy = queue.run(
    () =>
      new Promise<void>((resolve) => {
        free = resolve;
      }),
  );
  for (const attempt of [
    context.hash('x'),
    context.verify('secret', hash),
    context.dummyVerify('x'),
    context.verify('x', null),
  ]) {
    await expect(attempt).rejects.toThrow(HashQueueFullError);
  }
  free();
  await busy;
  expect(await context.verify('secret', hash)).toBe(true);
});

const cheap: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  argon2: { memory_cost: 64, rounds: 1 },
  bcrypt: { rounds: 4 },
  scrypt: { rounds: 4 },
  pbkdf2_sha256: { rounds: 10 },
  pbkdf2_sha512: { rounds: 10 },
};
