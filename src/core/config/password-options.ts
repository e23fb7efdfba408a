import { z } from 'zod';
import { type OptionDeclarations, option } from '../options.js';

/** How passwords are hashed and which are accepted (specification 1.4.1, 2.5.3). */
export interface PasswordOptions {
  passwordHash: string;
  passwordSchemes: readonly string[];
  deprecatedPasswordSchemes: readonly string[];
  passwordSalt: string | null;
  passwordSingleHash: readonly string[] | boolean;
  passwordHashOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  passwordHashPasslibOptions: Readonly<Record<string, unknown>>;
  passwordLengthMin: number;
  passwordLengthMax: number;
  passwordComplexityChecker: 'zxcvbn' | null;
  zxcvbnMinimumScore: number;
  passwordCheckBreached: 'strict' | 'best-effort' | null;
  passwordBreachedCount: number;
  passwordBreachedUrl: string;
  passwordNormalizeForm: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | null;
  passwordRequired: boolean;
  hashingSchemes: readonly string[];
  deprecatedHashingSchemes: readonly string[];
  hashQueueLimit: number;
  hashConcurrency: number | null;
}

const singleHashSchemes = [
  'django_argon2',
  'django_bcrypt',
  'django_bcrypt_sha256',
  'django_des_crypt',
  'django_pbkdf2_sha1',
  'django_pbkdf2_sha256',
  'django_salted_md5',
  'django_salted_sha1',
  'plaintext',
];
const singleHash: z.ZodType<readonly string[] | boolean> = z.union([z.array(z.string()), z.boolean()]);
const normalizeForm = z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']).nullable();

/** The specification makes salts with `getrandbits(128)`: more digits than a number here can hold. */
function saltText(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Error('write this number as a text: it has too many digits for a number');
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

export const passwordOptions: OptionDeclarations<PasswordOptions> = {
  passwordHash: option.text('argon2', 'Scheme of new password hashes.', {
    documented: 'bcrypt',
    specified: 'SECURITY_PASSWORD_HASH',
  }),
  passwordSchemes: option.texts(
    ['argon2', 'bcrypt', 'scrypt', 'pbkdf2_sha512', 'pbkdf2_sha256'],
    'Schemes of stored hashes that are accepted.',
    {
      documented: [
        'bcrypt',
        'argon2',
        'des_crypt',
        'pbkdf2_sha256',
        'pbkdf2_sha512',
        'sha256_crypt',
        'sha512_crypt',
        'plaintext',
      ],
      specified: 'SECURITY_PASSWORD_SCHEMES',
    },
  ),
  deprecatedPasswordSchemes: option.texts(
    ['auto'],
    'Schemes that are replaced at the next sign-in; `auto`: all but `passwordHash`.',
    { specified: 'SECURITY_DEPRECATED_PASSWORD_SCHEMES' },
  ),
  passwordSalt: option.optionalText(null, 'Key of the HMAC that comes before the hash; absent: one hash only.', {
    specified: 'SECURITY_PASSWORD_SALT',
    convert: saltText,
  }),
  passwordSingleHash: option.of<readonly string[] | boolean>(
    singleHash,
    singleHashSchemes,
    'Schemes that get no HMAC first; `true`: none does.',
    { specified: 'SECURITY_PASSWORD_SINGLE_HASH' },
  ),
  passwordHashOptions: option.of(
    z.record(z.string(), z.record(z.string(), z.unknown())),
    {},
    'Costs by scheme: `{ argon2: { memory_cost: 65536 } }`.',
    { specified: 'SECURITY_PASSWORD_HASH_OPTIONS' },
  ),
  passwordHashPasslibOptions: option.of(
    z.record(z.string(), z.unknown()),
    {},
    'Costs as passlib writes them: `{ argon2__rounds: 10 }`.',
    { documented: { argon2__rounds: 10 }, specified: 'SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS' },
  ),
  passwordLengthMin: option.count(8, 'Fewest characters of a new password.', {
    specified: 'SECURITY_PASSWORD_LENGTH_MIN',
  }),
  passwordLengthMax: option.count(256, 'Most characters of a password; longer ones are refused before any work.'),
  passwordComplexityChecker: option.of<'zxcvbn' | null>(
    z.literal('zxcvbn').nullable(),
    null,
    'Estimates how easily a new password is guessed.',
    { specified: 'SECURITY_PASSWORD_COMPLEXITY_CHECKER' },
  ),
  zxcvbnMinimumScore: option.of(z.int().min(0).max(4), 3, 'Lowest estimate that is accepted, 0 to 4.', {
    specified: 'SECURITY_ZXCVBN_MINIMUM_SCORE',
  }),
  passwordCheckBreached: option.of<'strict' | 'best-effort' | null>(
    z.enum(['strict', 'best-effort']).nullable(),
    null,
    'Looks new passwords up among published ones; `strict` refuses when that is impossible.',
    { specified: 'SECURITY_PASSWORD_CHECK_BREACHED', convert: (value) => (value === false ? null : value) },
  ),
  passwordBreachedCount: option.count(1, 'How often a password must have been published to be refused.', {
    specified: 'SECURITY_PASSWORD_BREACHED_COUNT',
  }),
  passwordBreachedUrl: option.text('https://api.pwnedpasswords.com/range/', 'The service that is asked.'),
  passwordNormalizeForm: option.of<PasswordOptions['passwordNormalizeForm']>(
    normalizeForm,
    'NFKD',
    'Unicode form of passwords before they are hashed or compared.',
    { specified: 'SECURITY_PASSWORD_NORMALIZE_FORM' },
  ),
  passwordRequired: option.flag(true, 'Whether a user must register with a password (`false` needs unified sign-in).', {
    specified: 'SECURITY_PASSWORD_REQUIRED',
  }),
  hashingSchemes: option.texts(['hmac_sha256'], 'How tokens carry a digest of the user’s state.', {
    documented: ['sha256_crypt', 'hex_md5'],
    specified: 'SECURITY_HASHING_SCHEMES',
  }),
  deprecatedHashingSchemes: option.texts([], 'Of these, the ones that are only read.', {
    documented: ['hex_md5'],
    specified: 'SECURITY_DEPRECATED_HASHING_SCHEMES',
  }),
  hashQueueLimit: option.count(
    100,
    'How many password hashes may wait; beyond that the answer is 503 with Retry-After.',
  ),
  hashConcurrency: option.of(
    z.int().min(1).nullable(),
    null,
    'How many hashes run at once; by default as many as there are cores.',
  ),
};
