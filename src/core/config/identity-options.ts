import { z } from 'zod';
import { type OptionDeclarations, option } from '../options.js';

/** The services that a mapper may need. */
export interface IdentityServices {
  normalizeEmail(text: string): string | undefined;
  normalizeUsername(text: string): string | undefined;
}

/** Turns what was typed into the value to look up, or nothing when the text cannot be such an identity. */
export type IdentityMapper = (identity: string, services: IdentityServices) => string | null | undefined;

/** How one column of the user table serves to sign in (specification 1.4.1, `SECURITY_USER_IDENTITY_ATTRIBUTES`). */
export interface IdentityAttribute {
  mapper: IdentityMapper;
  caseInsensitive?: boolean;
  /** Label of the field that the sign-in form gets for an attribute of the application's own. */
  label?: string;
}

/** Attributes in the order in which they are tried: `[{ email: { mapper: uiaEmailMapper, caseInsensitive: true } }]`. */
export type IdentityAttributes = readonly Readonly<Record<string, IdentityAttribute>>[];

/** Matches email addresses (specification 3.1.5). */
export const uiaEmailMapper: IdentityMapper = (identity, services) => services.normalizeEmail(identity);
/** Matches usernames (specification 3.1.5). */
export const uiaUsernameMapper: IdentityMapper = (identity, services) => services.normalizeUsername(identity);

export interface IdentityOptions {
  userIdentityAttributes: IdentityAttributes | null;
  usernameEnable: boolean;
  usernameRequired: boolean;
  usernameMinLength: number;
  usernameMaxLength: number;
  usernameNormalizeForm: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | null;
  emailValidatorArgs: Readonly<Record<string, unknown>> | null;
  emailLowercase: boolean;
}

const mapper = z.custom<IdentityMapper>((value) => typeof value === 'function', {
  error: 'mapper: expected a function',
});
const attribute: z.ZodType<IdentityAttribute> = z.strictObject({
  mapper,
  caseInsensitive: z.boolean().optional(),
  label: z.string().optional(),
});
const attributes: z.ZodType<IdentityAttributes | null> = z
  .array(
    z
      .record(z.string(), attribute)
      .refine((entry) => Object.keys(entry).length === 1, { error: 'expected one attribute in each entry' }),
  )
  .min(1)
  .nullable();

/** `case_insensitive` of the specification's dictionaries is our `caseInsensitive`. */
function convertAttributes(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw new Error('expected a list of { attribute: { mapper } }');
    return Object.fromEntries(
      Object.entries(entry).map(([name, details]: [string, Record<string, unknown>]) => {
        const { case_insensitive: caseInsensitive, ...rest } = details;
        return [name, caseInsensitive === undefined ? rest : { ...rest, caseInsensitive }];
      }),
    );
  });
}

export const identityOptions: OptionDeclarations<IdentityOptions> = {
  userIdentityAttributes: option.of<IdentityAttributes | null>(
    attributes,
    null,
    'Columns that identify a user who signs in; by default email, and username where that is enabled.',
    { specified: 'SECURITY_USER_IDENTITY_ATTRIBUTES', convert: convertAttributes },
  ),
  usernameEnable: option.flag(false, 'Users may have a username and sign in with it.', {
    specified: 'SECURITY_USERNAME_ENABLE',
  }),
  usernameRequired: option.flag(false, 'Users must choose a username.', { specified: 'SECURITY_USERNAME_REQUIRED' }),
  usernameMinLength: option.count(4, 'Fewest characters of a username.', { specified: 'SECURITY_USERNAME_MIN_LENGTH' }),
  usernameMaxLength: option.count(32, 'Most characters of a username.', { specified: 'SECURITY_USERNAME_MAX_LENGTH' }),
  usernameNormalizeForm: option.of<IdentityOptions['usernameNormalizeForm']>(
    z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']).nullable(),
    'NFKD',
    'Unicode form of usernames.',
    { specified: 'SECURITY_USERNAME_NORMALIZE_FORM' },
  ),
  emailValidatorArgs: option.of<Readonly<Record<string, unknown>> | null>(
    z.record(z.string(), z.unknown()).nullable(),
    null,
    'How addresses are checked: `{ check_deliverability: true }` …',
    { specified: 'SECURITY_EMAIL_VALIDATOR_ARGS' },
  ),
  emailLowercase: option.flag(true, 'Addresses are stored in lower case as a whole.', { documented: false }),
};
