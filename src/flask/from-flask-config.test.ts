import {
  ConfigurationError,
  type CoreOptions,
  createSecurity,
  defineFeature,
  type FlaskConfig,
  fromFlaskConfig,
  option,
  type UserDatastore,
} from 'sallyport';
import { describe, expect, it } from 'vitest';
import { openTestDatastore } from '../../test/databases/index.js';
import { coreOptions } from '../core/config/index.js';
import { resolveOptions } from '../core/options.js';

const createConfig = (): CoreOptions => resolveOptions<CoreOptions>(coreOptions, {}, 'flask', []);
const SECRET_KEY = 'a-test-key-that-is-long-enough-0123456789';

function problemsOf(config: FlaskConfig): readonly string[] {
  try {
    fromFlaskConfig(config);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('a Flask-Security configuration', () => {
  it('starts with nothing but a key, in the documented profile', async () => {
    const opened = await openTestDatastore();
    const datastore = opened.datastore as unknown as UserDatastore; // the default tables hold more than every user has
    const security = createSecurity({ ...fromFlaskConfig({ SECRET_KEY }), datastore });
    expect(security.core.profile).toBe('flask');
    expect(security.core.config.session).toBe('stateless');
    expect(security.core.config.returnGenericResponses).toBe(false);
    await opened.close();
  });

  it('turns names, units and lists into our own', () => {
    const options = fromFlaskConfig({
      SECRET_KEY,
      SECURITY_LOGIN_URL: '/enter',
      SECURITY_TOKEN_MAX_AGE: 3600,
      SECURITY_FRESHNESS: -1,
      SECURITY_FRESHNESS_GRACE_PERIOD: '10 minutes',
      SECURITY_API_ENABLED_METHODS: new Set(['token']),
      SECURITY_PASSWORD_SALT: 146n,
      SESSION_COOKIE_SAMESITE: 'strict',
      SESSION_COOKIE_DOMAIN: false,
      SECURITY_CSRF_COOKIE: { key: 'XSRF-TOKEN', samesite: 'lax', max_age: 60 },
      SECURITY_MSG_INVALID_PASSWORD: ['No.', 'warning'],
    });
    expect(options).toMatchObject({
      secretKey: SECRET_KEY,
      loginUrl: '/enter',
      tokenMaxAge: '3600 seconds',
      freshness: '-1 seconds',
      freshnessGracePeriod: '10 minutes',
      apiEnabledMethods: ['token'],
      passwordSalt: '146',
      sessionCookieSamesite: 'Strict',
      sessionCookieDomain: null,
      csrfCookieName: 'XSRF-TOKEN',
      csrfCookie: { samesite: 'Lax', max_age: 60 },
      messages: { INVALID_PASSWORD: { text: 'No.', level: 'warning' } },
    });
  });

  it('derives what several names say together', () => {
    const options = fromFlaskConfig({
      SECRET_KEY,
      SECRET_KEY_FALLBACKS: ['an-older-key-that-is-long-enough'],
      SERVER_NAME: 'app.example:5000',
      APPLICATION_ROOT: '/app',
      MAIL_DEFAULT_SENDER: ['Acme', 'hello@app.example'],
      MAIL_SERVER: 'mail.example',
      MAIL_PORT: 587,
      MAIL_USE_TLS: true,
      MAIL_USERNAME: 'acme',
      MAIL_PASSWORD: 'secret',
      SECURITY_POST_VERIFY_URL: '/there',
    });
    expect(options).toMatchObject({
      secretKey: [SECRET_KEY, 'an-older-key-that-is-long-enough'],
      baseUrl: 'http://app.example:5000',
      applicationRoot: '/app',
      sessionCookiePath: '/app',
      emailSender: { name: 'Acme', address: 'hello@app.example' },
      mailTransport: {
        host: 'mail.example',
        port: 587,
        secure: false,
        requireTLS: true,
        ignoreTLS: false,
        auth: { user: 'acme', pass: 'secret' },
      },
      postVerifyView: '/there',
    });
    expect(fromFlaskConfig({ SECRET_KEY, SERVER_NAME: 'a.example', PREFERRED_URL_SCHEME: 'https' }).baseUrl).toBe(
      'https://a.example',
    );
  });

  it('sends mail in the clear by default, as documented, and none while testing', async () => {
    expect(fromFlaskConfig({ SECRET_KEY }).mailTransport).toEqual({
      host: 'localhost',
      port: 25,
      secure: false,
      requireTLS: false,
      ignoreTLS: true,
    });
    expect(fromFlaskConfig({ SECRET_KEY, TESTING: true }).mailTransport).toHaveProperty('send');
    expect(fromFlaskConfig({ SECRET_KEY, TESTING: true, MAIL_SUPPRESS_SEND: false }).mailTransport).toHaveProperty(
      'host',
    );
  });

  it('takes the time from the application', () => {
    const { clock } = fromFlaskConfig({ SECRET_KEY, SECURITY_DATETIME_FACTORY: () => new Date(5000) });
    expect(clock?.()).toBe(5000);
    expect(problemsOf({ SECURITY_DATETIME_FACTORY: () => 'now' })).toHaveLength(1);
  });

  it('lists every problem at once, unknown names with the nearest known one', () => {
    expect(
      problemsOf({
        SECRET_KEY,
        SECURITY_REGISTRABLE: true,
        SECURITY_MSG_INVALID_PASWORD: ['No.', 'error'],
        SECURITY_LOGIN_URL: 7,
        SECURITY_US_SIGNIN_URL: 'us-signin',
        SECURITY_FLASH_MESSAGES: 'yes',
        SECURITY_TWO_FACTOR_ENABLED_METHODS: 'email',
        SECURITY_TOKEN_MAX_AGE: Number.NaN,
        SECURITY_MSG_LOGIN: 'Please.',
        SECURITY_PASSWORD_SALT: 2 ** 100,
        SECURITY_EMAIL_VALIDATOR_ARGS: { check_deliverable: false },
        SERVER_NAME: 'two words',
        WHATEVER_ELSE_THERE_MAY_BE: 1,
      }),
    ).toEqual([
      'SECURITY_REGISTRABLE: there is no such name; did you mean "SECURITY_REGISTERABLE"?',
      'SECURITY_MSG_INVALID_PASWORD: there is no such name; did you mean "SECURITY_MSG_INVALID_PASSWORD"?',
      'SECURITY_US_SIGNIN_URL: expected a path that begins with "/"',
      'SECURITY_TWO_FACTOR_ENABLED_METHODS: expected a list of texts',
      expect.stringMatching(/^WHATEVER_ELSE_THERE_MAY_BE: there is no such name/),
      expect.stringMatching(/^SECURITY_EMAIL_VALIDATOR_ARGS: check_deliverable: there is no such argument/),
      expect.stringMatching(/^SECURITY_LOGIN_URL: /),
      expect.stringMatching(/^SECURITY_FLASH_MESSAGES: /),
      expect.stringMatching(/^SECURITY_TOKEN_MAX_AGE: expected an amount and a unit/),
      'SECURITY_PASSWORD_SALT: write this number as a text: it has too many digits for a number',
      expect.stringMatching(/^SERVER_NAME: expected the address of the site/),
      expect.stringMatching(/^SECURITY_MSG_LOGIN: expected a text and its level/),
    ]);
  });

  it('leaves an undefined key to be refused by createSecurity with its own words', () => {
    expect(fromFlaskConfig({ SECRET_KEY: undefined }).secretKey).toBeUndefined();
  });

  it('switches features of the application on by their flag, with their share of the names', () => {
    const greeting = defineFeature<{ words: string }>({
      name: 'greeting',
      flag: 'SECURITY_GREETING',
      options: { words: option.text('hi', 'What is said.', { specified: 'SECURITY_GREETING_WORDS' }) },
      messages: { GREETED: { text: 'Greeted.', level: 'info' } },
    });
    const given = { SECRET_KEY, SECURITY_GREETING_WORDS: 'hello', SECURITY_MSG_GREETED: ['Hello!', 'info'] };
    const off = fromFlaskConfig(given, { features: [greeting] });
    expect(off.features).toEqual([]);
    expect(off.messages).toEqual({});
    const on = fromFlaskConfig({ ...given, SECURITY_GREETING: true }, { features: [greeting] });
    expect(on.messages).toEqual({ GREETED: { text: 'Hello!', level: 'info' } });
    const config = createConfig();
    expect(on.features?.[0]?.configure('flask', config, [])?.options).toEqual({ words: 'hello' });
  });
});
