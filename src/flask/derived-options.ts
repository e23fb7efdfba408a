import { coreOptions } from '../core/config/index.js';
import { toOwnValue } from './declared-names.js';
import { mailTransport } from './mail-settings.js';

type Given = Readonly<Record<string, unknown>>;

/** Options that are made of several names, or whose default is another name's value. */
export function derivedOptions(given: Given, problems: string[]): Record<string, unknown> {
  const options: Record<string, unknown> = { mailTransport: mailTransport(given) };
  const put = (name: string, option: keyof typeof coreOptions, value: unknown): void => {
    try {
      options[option] = toOwnValue(coreOptions[option], value);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const serverName = given['SERVER_NAME'] ?? null;
  if (serverName !== null)
    put('SERVER_NAME', 'baseUrl', `${given['PREFERRED_URL_SCHEME'] ?? 'http'}://${String(serverName)}`);

  const key = given['SECRET_KEY'] ?? null;
  const fallbacks = Array.isArray(given['SECRET_KEY_FALLBACKS']) ? given['SECRET_KEY_FALLBACKS'] : [];
  if (key !== null && fallbacks.length > 0) put('SECRET_KEY_FALLBACKS', 'secretKey', [key, ...fallbacks]);

  const sender = given['MAIL_DEFAULT_SENDER'] ?? null;
  if (given['SECURITY_EMAIL_SENDER'] === undefined && sender !== null)
    put('MAIL_DEFAULT_SENDER', 'emailSender', sender);

  if ((given['SESSION_COOKIE_PATH'] ?? null) === null && given['APPLICATION_ROOT'] !== undefined)
    put('APPLICATION_ROOT', 'sessionCookiePath', given['APPLICATION_ROOT']);

  const cookie = given['SECURITY_CSRF_COOKIE'];
  const named: unknown = typeof cookie === 'object' && cookie !== null && 'key' in cookie ? cookie.key : undefined;
  if (named !== undefined && (given['SECURITY_CSRF_COOKIE_NAME'] ?? null) === null)
    put('SECURITY_CSRF_COOKIE', 'csrfCookieName', named);

  const now = given['SECURITY_DATETIME_FACTORY'];
  if (typeof now === 'function') {
    if (Number.isFinite(Number(now()))) options['clock'] = () => Number(now());
    else problems.push('SECURITY_DATETIME_FACTORY: expected a function that answers a Date or milliseconds');
  }
  return options;
}
