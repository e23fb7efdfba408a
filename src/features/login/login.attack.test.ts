import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawBrowser } from '../../../test/attacks/tools/raw.js';
import { openApp, password, type TestApp } from '../../../test/support/app.js';

const profiles = ['modern', 'flask'] as const;

/** What of an answer is the same for everybody: all but the random parts. */
function shape({ status, headers, text }: { status: number; headers: Headers; text: string }): unknown {
  const kept = [...headers].filter(([name]) => !['date', 'set-cookie', 'etag', 'content-length'].includes(name));
  const cookies = headers.getSetCookie().map((line) => line.replace(/=[^;]*/, '='));
  const body = text
    .replace(/("csrf_token":"|name="csrf_token" value=")[^"]*/g, '$1')
    .replace(/[\w.]+@example\.com/g, 'x@example.com');
  return { status, headers: kept, cookies, body };
}

describe.each(profiles)('login (%s)', (profile) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ profile, returnGenericResponses: true });
    await app.datastore.createUser({ email: 'nohash@example.com', password: null });
    await app.datastore.createUser({ email: 'empty@example.com', password: '' });
    await app.datastore.createUser({
      email: 'broken@example.com',
      password: '$argon2id$v=19$m=99999999,t=9,p=1$YWJj$YWJj',
    });
    await app.datastore.createUser({ email: 'starred@example.com', password: '*' });
  });
  afterAll(() => app.close());
  const emails = ['user', 'nobody', 'inactive', 'nohash', 'empty', 'broken', 'starred'].map(
    (name) => `${name}@example.com`,
  );

  it('P1 known, unknown, inactive and unusable accounts get the very same answer', async () => {
    for (const guess of ['wrong horse', password]) {
      const asked = guess === password ? emails.filter((email) => !email.startsWith('user')) : emails;
      const seen = new Map<string, Set<string>>();
      for (const email of asked) {
        const pages = [await submitted(email, guess), await asJson(email, guess), await asBasic(email, guess)];
        for (const [index, answer] of pages.entries()) {
          const known = seen.get(String(index)) ?? new Set();
          seen.set(String(index), known.add(JSON.stringify(shape(answer))));
        }
      }
      for (const [kind, answers] of seen)
        expect([guess, kind, [...answers]]).toEqual([guess, kind, [expect.any(String)]]);
    }
  });
  async function submitted(email: string, guess: string) {
    return await app.client().submit('/login', { email, password: guess });
  }
  async function asJson(email: string, guess: string) {
    return await new RawBrowser(app.origin).postJson('/login', { email, password: guess });
  }
  async function asBasic(email: string, guess: string) {
    const authorization = `Basic ${Buffer.from(`${email}:${guess}`).toString('base64')}`;
    return await app.client().getJson('/basic', { authorization });
  }

  it('P5 passwords that are too long, hold NUL or half a pair are refused before any hashing', async () => {
    const { passwords } = app.security.core;
    const counted = { hashes: 0 };
    const own = { verifyAndUpdate: passwords.verifyAndUpdate, dummyVerify: passwords.dummyVerify };
    Object.assign(passwords, {
      verifyAndUpdate: (...given: Parameters<typeof own.verifyAndUpdate>) => {
        counted.hashes += 1;
        return own.verifyAndUpdate(...given);
      },
      dummyVerify: (given: string) => {
        counted.hashes += 1;
        return own.dummyVerify(given);
      },
    });
    const bad = [
      'x'.repeat(1_000_000),
      '\u{1f600}'.repeat(1_000_000),
      'a\u0000b',
      'a\ud800b',
      'x'.repeat(4097),
      '\u00e9'.repeat(2049),
    ];
    for (const email of ['user@example.com', 'nobody@example.com'])
      for (const guess of bad) expect((await app.client().login(email, guess)).status).toBe(400);
    expect(counted.hashes).toBe(0);
    await app.client().login('nobody@example.com', 'x'.repeat(4096));
    expect(counted.hashes).toBe(1);
    Object.assign(passwords, own);
  });

  it('P6 every Unicode form of one password signs in, and a space more does not', async () => {
    const typed = 'Ångström \u{fb01}ancé ｗｏｒｄ';
    const hash = await app.security.hashPassword(typed);
    await app.datastore.updateUser(await app.user('editor@example.com'), { password: hash });
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const)
      expect((await app.client().login('editor@example.com', typed.normalize(form))).status).toBe(200);
    for (const wrong of [`${typed} `, ` ${typed}`, typed.toLowerCase(), `${typed}\u200b`])
      expect((await app.client().login('editor@example.com', wrong)).status).toBe(400);
  });

  it('P7 spellings of an address that are not the canonical one of this user sign nobody in', async () => {
    for (const email of [
      '"user@example.com"',
      'user@example.com,admin@example.com',
      '<user@example.com>',
      'user＠example.com',
      'user%example.com',
      'user@example.com\n',
      'user(x)@example.com',
      'us\u200ber@example.com',
      '"e@attacker.com"@example.com',
      `${'a'.repeat(320)}@example.com`,
      'user@example.com\u0000',
    ])
      expect([email, (await app.client().login(email)).status]).toEqual([email, 400]);
    for (const email of ['User@EXAMPLE.com', ' user@example.com ', 'user@ｅxample.com'])
      expect([email, (await app.client().login(email)).status]).toEqual([email, 200]);
  });

  it('P8 an empty password is nobody’s, and no stored text that is no hash can be typed in', async () => {
    for (const email of emails) {
      for (const guess of ['', ' ', '*', '!', 'null', '$argon2id$v=19$m=99999999,t=9,p=1$YWJj$YWJj']) {
        // The specification's list of schemes has plaintext in it: `*` is then a password like any other.
        if (profile === 'flask' && email.startsWith('starred') && guess === '*') continue;
        expect([email, guess, (await app.client().login(email, guess)).status]).toEqual([email, guess, 400]);
        expect([email, guess, (await asBasic(email, guess)).status]).toEqual([email, guess, 401]);
      }
    }
    await expect(app.security.hashPassword('')).rejects.toThrow();
  });

  it('A5 what was typed comes back as text only', async () => {
    const hostile = [
      '"><script>alert(1)</script>',
      "'><img src=x onerror=alert(1)>",
      '{{ 7 * 7 }}',
      '{% raw %}',
      '%(x)s',
      '#{7*7}',
      '</title><svg onload=1>',
    ];
    for (const text of hostile) {
      const client = app.client();
      const page = await client.submit('/login', { email: text, password: text, next: `/${text}` });
      expect(page.text).not.toMatch(/<script|<img|<svg onload|>49</);
      if (/[<>"]/.test(text)) expect(page.text).not.toContain(`value="${text}"`);
      const query = await client.get(`/login?next=${encodeURIComponent(`/${text}`)}&email=${encodeURIComponent(text)}`);
      expect(query.text).not.toMatch(/<script|<img|<svg onload|>49</);
    }
  });
});

describe.each(profiles)('P2 the work of a sign-in (%s)', (profile) => {
  it('P2 is one hashing of the same cost for known, unknown, inactive, hashless and outdated, 200 times each', async () => {
    const app = await openApp({ profile });
    const old = await app.security.hashPassword(password);
    await app.close();
    // The defaults of the profile, but for the scheme, of which work can be counted.
    const counted = await openApp({
      profile,
      passwordHash: 'pbkdf2_sha512',
      passwordHashPasslibOptions: { pbkdf2_sha512__rounds: 2 },
    });
    await counted.datastore.createUser({ email: 'old@example.com', password: old });
    await counted.datastore.createUser({ email: 'nohash@example.com', password: null });
    const calls: string[] = [];
    const { passwords } = counted.security.core;
    const own = { ...passwords };
    Object.assign(passwords, {
      verifyAndUpdate: async (given: string, hash: string | null) => {
        calls.push('hash');
        return await own.verifyAndUpdate(given, hash);
      },
      dummyVerify: async (given: string) => {
        calls.push('hash');
        await own.dummyVerify(given);
      },
    });
    const client = counted.client();
    const token = await client.csrfToken();
    for (const name of ['user', 'nobody', 'inactive', 'nohash', 'old']) {
      calls.length = 0;
      for (let sample = 0; sample < 200; sample += 1) {
        const json = { email: `${name}@example.com`, password: 'wrong horse' };
        await client.send('POST', '/login', { json, headers: { 'x-csrf-token': token } });
      }
      expect([name, calls.length]).toEqual([name, 200]);
    }
    await counted.close();
  });
});

describe('P4 bcrypt', () => {
  it('P4 passwords that differ after 72 bytes are two, with the HMAC and without (modern, flask)', async () => {
    for (const options of [{ passwordSalt: 'a-salt-for-tests' }, {}] as const) {
      const app = await openApp({
        ...options,
        passwordHash: 'bcrypt',
        passwordHashPasslibOptions: { bcrypt__rounds: 4 },
      });
      const long = 'x'.repeat(72);
      const hash = await app.security.hashPassword('passwordSalt' in options ? `${long}a` : long);
      await app.datastore.updateUser(await app.user('user@example.com'), { password: hash });
      expect((await app.client().login('user@example.com', 'passwordSalt' in options ? `${long}a` : long)).status).toBe(
        200,
      );
      for (const other of [`${long}b`, `${long}ab`, `${long}\u00e9`])
        expect((await app.client().login('user@example.com', other)).status).toBe(400);
      await app.close();
    }
  });
});
