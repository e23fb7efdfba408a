import { readFileSync } from 'node:fs';
import { createSecurity, fromFlaskConfig, type UserDatastore } from 'sallyport';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { optionalFeatures } from '../../src/features/optional.js';
import { declaredNames, toOwnValue } from '../../src/flask/declared-names.js';
import { knownMessages } from '../../src/flask/messages.js';
import { otherSpellings, specifiedNames } from '../../src/flask/specified-names.js';
import { openTestDatastore } from '../databases/index.js';

const SECRET_KEY = 'a-test-key-that-is-long-enough-0123456789';
const listed = z
  .array(z.object({ name: z.string(), documented: z.unknown().optional() }))
  .parse(JSON.parse(readFileSync(new URL('specified-names.json', import.meta.url), 'utf8')));
const names = new Set(listed.map(({ name }) => name));
const declared = declaredNames(optionalFeatures);
const switches = new Set(optionalFeatures.map(({ flag }) => flag));
const messages = knownMessages(optionalFeatures);

/** Names that `fromFlaskConfig` itself makes something of. */
const derived = new Set([
  'SECRET_KEY_FALLBACKS',
  'SERVER_NAME',
  'PREFERRED_URL_SCHEME',
  'SECURITY_DATETIME_FACTORY',
  'TESTING',
  'MAIL_SERVER',
  'MAIL_PORT',
  'MAIL_USE_TLS',
  'MAIL_USE_SSL',
  'MAIL_USERNAME',
  'MAIL_PASSWORD',
  'MAIL_DEFAULT_SENDER',
  'MAIL_SUPPRESS_SEND',
]);

/** Names of features that are still to be built: accepted where they switch nothing on. */
const notBuilt =
  /^SECURITY_(?:TWO_FACTOR|TOTP|SMS|PHONE|US|UNIFIED_SIGNIN|WAN|WEBAUTHN|MULTI_FACTOR|OAUTH|EMAIL_SUBJECT_TWO_FACTOR)(?:_|$)/;
/** Superseded within the specification itself. */
const superseded = new Set(['SECURITY_USER_IDENTITY_MAPPINGS']);

describe('every name of the specification', () => {
  it.each(listed)('$name is honoured, or known to be for later', ({ name }) => {
    if (name.startsWith('SECURITY_MSG_')) {
      expect(messages).toContain(name.slice('SECURITY_MSG_'.length));
      return;
    }
    expect([...specifiedNames.keys()]).toContain(name);
    const proper = otherSpellings[name] ?? name;
    const honoured = declared.has(proper) || switches.has(name) || derived.has(name) || superseded.has(name);
    expect(honoured || notBuilt.test(name), `${name} is neither honoured nor known to be for later`).toBe(true);
  });

  it('has at most the documented names beside those of the parts around', () => {
    const around =
      /^(?:WTF_|SESSION_|REMEMBER_|PERMANENT_|MAIL_|SECRET_|SERVER_|PREFERRED_|TESTING$|DEBUG$|SQLALCHEMY_)/;
    const more = [...specifiedNames.keys()].filter((name) => !names.has(name) && !around.test(name));
    expect(more).toEqual(['SECURITY_POST_VERIFY_VIEW']);
  });

  it('is declared by an option only if it is known', () => {
    expect([...declared.keys()].filter((name) => !specifiedNames.has(name))).toEqual([]);
  });
});

describe('the defaults of an empty configuration', () => {
  it('are the documented ones', async () => {
    const opened = await openTestDatastore();
    const datastore = opened.datastore as unknown as UserDatastore; // the default tables hold more than every user has
    const { core } = createSecurity({ ...fromFlaskConfig({ SECRET_KEY }), datastore });
    const base: Record<string, unknown> = { ...core.config };
    for (const feature of core.registry.features) Object.assign(base, feature.options);
    await opened.close();

    const compared = listed.flatMap(({ name, documented }) =>
      documented === undefined
        ? []
        : (declared.get(otherSpellings[name] ?? name) ?? []).map((target) => {
            const own = target.feature?.make({}).configure('flask', core.config, [])?.options ?? base;
            return { name, actual: own[target.option], documented: toOwnValue(target.declaration, documented) };
          }),
    );
    expect(compared.length).toBeGreaterThan(60);
    expect(compared.map(({ name, actual }) => ({ name, value: comparable(actual) }))).toEqual(
      compared.map(({ name, documented }) => ({ name, value: comparable(documented) })),
    );
  });

  it.each([
    ['SECURITY_TWO_FACTOR', 'two-factor'],
    ['SECURITY_WEBAUTHN', 'webauthn'],
    ['SECURITY_UNIFIED_SIGNIN', 'unified-signin'],
    ['SECURITY_OAUTH_ENABLE', 'oauth'],
    ['SECURITY_MULTI_FACTOR_RECOVERY_CODES', 'recovery-codes'],
  ])('%s: true is refused while there is no such feature', (flag) => {
    if (switches.has(flag)) return;
    expect(() => fromFlaskConfig({ SECRET_KEY, [flag]: true })).toThrow(flag);
    expect(() => fromFlaskConfig({ SECRET_KEY, [flag]: false })).not.toThrow();
    expect(() => fromFlaskConfig({ SECRET_KEY, [flag]: null })).not.toThrow();
  });
});

/** Durations are the same whatever their unit; the order of mechanisms means nothing. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return [...value].sort();
  const [, amount, unit] = (typeof value === 'string' && /^(\d+) (second|minute|hour|day)s?$/i.exec(value)) || [];
  const seconds = { second: 1, minute: 60, hour: 3600, day: 86_400 }[unit?.toLowerCase() ?? ''];
  return seconds === undefined ? value : Number(amount) * seconds;
}
