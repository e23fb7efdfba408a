import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimedSerializer } from './serializer.js';
import { createTimedSigner } from './timed-signer.js';

const options = { secretKeys: ['new key', 'old key'], salt: 'attack' };
const serializer = createTimedSerializer(options);
const signer = createTimedSigner(options);
const invalid = { ok: false, reason: 'invalid' };
const now = 1_700_000_000_000;

describe('forged and malformed tokens', () => {
  test('T12 no changed character, missing character or added character is accepted', () => {
    const token = serializer.dumps({ id: 7 }, now);
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      expect(serializer.loads(token.slice(0, index) + other + token.slice(index + 1), { now })).toEqual(invalid);
      expect(serializer.loads(token.slice(0, index) + token.slice(index + 1), { now })).toEqual(invalid);
    }
    // U+0141 has the low byte of `A`: it must not be taken for it.
    const wide = token.replace(/[A-Z](?=[\w-]*$)/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100));
    for (const extra of [`${token}=`, `${token}\n`, ` ${token}`, `.${token}`, `${token}.`, wide]) {
      expect(serializer.loads(extra, { now })).toEqual(invalid);
    }
  });

  test('A6 nothing throws, whatever the text or its signature', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(serializer.loads(text, { now })).toEqual(invalid);
        expect(serializer.loads(`${text}.${text}.${text}`, { now })).toEqual(invalid);
        serializer.loads(signer.sign(text, now), { now, maxAge: 1 });
      }),
    );
    for (const value of [undefined, null, 7, {}, []]) {
      // Callers in plain JavaScript may hand in anything.
      expect(serializer.loads(value as unknown as string, { now })).toEqual(invalid);
    }
  });

  test('A6 a token of 1 MB is refused unread, a compressed bomb is not unpacked', () => {
    expect(serializer.loads('a'.repeat(1_000_000), { now })).toEqual(invalid);
    expect(serializer.loads(`${'.'.repeat(1_000_000)}`, { now })).toEqual(invalid);
    // Rightly signed, but longer than anything is read.
    const plain = createTimedSerializer({ ...options, compress: false });
    expect(serializer.loads(plain.dumps('x'.repeat(12_000), now), { now })).toMatchObject({ ok: true });
    expect(serializer.loads(plain.dumps('x'.repeat(12_300), now), { now })).toEqual(invalid);
    const bomb = serializer.dumps('x'.repeat(70_000), now);
    expect(bomb.length).toBeLessThan(1000);
    expect(serializer.loads(bomb, { now })).toEqual(invalid);
    expect(serializer.loads(serializer.dumps('x'.repeat(65_000), now), { now })).toMatchObject({ ok: true });
  });

  test('signed nonsense is invalid: no JSON, no UTF-8, padded, broken compression, no time', () => {
    for (const payload of ['', '.', 'YQ', '_w', 'Iv8i', 'MQ==', '.MQ', 'M Q', `.${'A'.repeat(40)}`]) {
      expect(serializer.loads(signer.sign(payload, now), { now })).toEqual(invalid);
    }
    expect(serializer.loads(signer.sign('MQ', now), { now })).toMatchObject({ ok: true, value: 1 });
  });
});

describe('T3 expiry', () => {
  const token = serializer.dumps('x', now);
  const reason = (at: number, maxAge = 10) => {
    const result = serializer.loads(token, { maxAge, now: at });
    return result.ok ? 'ok' : result.reason;
  };

  test('T3 the last millisecond of the last second is in, the next is out', () => {
    expect(reason(now + 10_000)).toBe('ok');
    expect(reason(now + 10_999)).toBe('ok');
    expect(reason(now + 11_000)).toBe('expired');
    expect(reason(now + 999, 0)).toBe('ok');
    expect(reason(now + 1000, 0)).toBe('expired');
  });

  test('T3 a clock that went back refuses a token from the future', () => {
    expect(reason(now)).toBe('ok');
    expect(reason(now - 1)).toBe('expired');
    expect(reason(now - 86_400_000)).toBe('expired');
  });

  test('T3 a broken clock or option refuses', () => {
    expect(reason(Number.NaN)).toBe('expired');
    expect(reason(now, Number.NaN)).toBe('expired');
    expect(reason(now, -1)).toBe('expired');
  });
});

describe('T11 rotation', () => {
  const only = (key: string) => createTimedSerializer({ ...options, secretKeys: [key] });

  test('T11 the old key verifies and never signs; a removed key refuses', () => {
    expect(serializer.loads(only('old key').dumps(1, now), { now })).toMatchObject({ ok: true, value: 1 });
    const fresh = serializer.dumps(1, now);
    expect(fresh).toBe(only('new key').dumps(1, now));
    expect(only('old key').loads(fresh, { now })).toEqual(invalid);
    expect(serializer.loads(only('removed key').dumps(1, now), { now })).toEqual(invalid);
  });

  test('T2 another salt, digest or derivation is another purpose', () => {
    const token = serializer.dumps(1, now);
    for (const other of [{ salt: 'other' }, { digest: 'sha256' as const }, { keyDerivation: 'hmac' as const }]) {
      expect(createTimedSerializer({ ...options, ...other }).loads(token, { now })).toEqual(invalid);
    }
  });
});

test('P11 a signed `__proto__` does not come out, spelled plainly or escaped', () => {
  for (const json of ['{"__proto__":{"admin":1},"a":1}', '{"\\u005f_proto__":{"admin":1},"a":1}']) {
    const token = signer.sign(Buffer.from(json).toString('base64url'), now);
    const result = serializer.loads(token, { now });
    expect(result).toEqual({ ok: true, value: { a: 1 }, issuedAt: now });
    expect(result.ok && Object.getOwnPropertyNames(result.value)).toEqual(['a']);
  }
});
