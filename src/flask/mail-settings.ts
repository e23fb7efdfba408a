import type { MailTransport, NodemailerOptions } from '../mail/index.js';

type Given = Readonly<Record<string, unknown>>;

/** Carries nothing anywhere: `MAIL_SUPPRESS_SEND`. */
const suppressed: MailTransport = { send: async () => {} };

/**
 * nodemailer's options out of `MAIL_SERVER`, `MAIL_PORT`, `MAIL_USE_TLS`, `MAIL_USE_SSL`, `MAIL_USERNAME` and
 * `MAIL_PASSWORD`, with the documented defaults: port 25 of this machine, in the clear unless told otherwise. Nothing
 * is sent where `MAIL_SUPPRESS_SEND`, or else `TESTING`, says so. The values are of the right kind already.
 */
export function mailTransport(given: Given): NodemailerOptions | MailTransport {
  if (given['MAIL_SUPPRESS_SEND'] ?? given['TESTING'] ?? false) return suppressed;
  const user = given['MAIL_USERNAME'] ?? null;
  return {
    host: given['MAIL_SERVER'] ?? 'localhost',
    port: given['MAIL_PORT'] ?? 25,
    secure: given['MAIL_USE_SSL'] === true,
    requireTLS: given['MAIL_USE_TLS'] === true,
    // Documented: without MAIL_USE_TLS the connection is not changed to TLS even where the server offers it.
    ignoreTLS: given['MAIL_USE_TLS'] !== true,
    ...(user === null ? {} : { auth: { user, pass: given['MAIL_PASSWORD'] ?? '' } }),
  };
}

const flags = [
  'allow_smtputf8',
  'allow_empty_local',
  'allow_quoted_local',
  'allow_domain_literal',
  'allow_display_name',
  'check_deliverability',
  'test_environment',
  'globally_deliverable',
];
/** Names that `SECURITY_EMAIL_VALIDATOR_ARGS` may hold. */
const emailValidatorNames: readonly string[] = [...flags, 'timeout'];

/** What is wrong with `SECURITY_EMAIL_VALIDATOR_ARGS`: one sentence each. */
export function emailValidatorProblems(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    if (flags.includes(name)) return typeof entry === 'boolean' ? [] : [`${name}: expected true or false`];
    if (name !== 'timeout') return [`${name}: there is no such argument; there are ${emailValidatorNames.join(', ')}`];
    return typeof entry === 'number' && entry > 0 ? [] : ['timeout: expected a number of seconds'];
  });
}
