/** Cost parameters of a scheme under passlib's names, e.g. `{ rounds: 12 }`. */
export type SchemeParameters = Readonly<Record<string, number | string>>;

/** Cost figures read from a stored hash, under passlib's names; `work` is their product where one figure alone does not tell. */
export type HashCosts = Readonly<Record<string, number>>;

/** One way to store passwords, in passlib's text format. */
export interface PasswordScheme {
  /** passlib's name. */
  readonly name: string;
  /** Today's recommended parameters; their names are all that the scheme takes. */
  readonly defaults: SchemeParameters;
  /** The greatest costs a stored hash or a parameter may have. */
  readonly bounds: HashCosts;
  /** Bytes of the secret that count. A user's longer password is refused; an HMAC's text is cut there. */
  readonly maximumSecretBytes?: number;
  /** Looks at the outer shape only. */
  identify(hash: string): boolean;
  /** The costs of a well-formed hash of this scheme; undefined when it is malformed. */
  costs(hash: string): HashCosts | undefined;
  /** Why this secret cannot be hashed by this scheme without losing part of it; undefined when it can. */
  refuses?(secret: Uint8Array): string | undefined;
  /** `parameters` are complete: {@link defaults}, overridden. */
  hash(secret: Uint8Array, parameters: SchemeParameters): Promise<string>;
  /** False for malformed hashes and for costs beyond {@link bounds}. Rejects only when a package is missing. */
  verify(secret: Uint8Array, hash: string): Promise<boolean>;
  /** Whether the hash is weaker than `parameters`. A stronger one is left alone. */
  needsUpdate(hash: string, parameters: SchemeParameters): boolean;
}

/** An optional package is needed for a scheme in use, and is not installed. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly packageName: string;

  constructor(scheme: string, packageName: string, cause: unknown) {
    super(`The password scheme ${scheme} needs the package ${packageName}: npm install ${packageName}`, { cause });
    this.packageName = packageName;
  }
}

/** The first cost beyond its bound, as text for a log; undefined when all are within. */
export const beyondBounds = (costs: HashCosts, bounds: HashCosts): string | undefined => {
  for (const [name, bound] of Object.entries(bounds)) {
    const cost = costs[name];
    if (cost !== undefined && !(cost <= bound)) return `${name} ${cost} is above ${bound}`;
  }
  return undefined;
};

/** Whether the costs of a hash of this scheme are readable and within its bounds. */
export const isAffordable = (scheme: Pick<PasswordScheme, 'costs' | 'bounds'>, hash: string): boolean => {
  const costs = scheme.costs(hash);
  return costs !== undefined && beyondBounds(costs, scheme.bounds) === undefined;
};

/** Whether any of the named costs is below the parameter of the same name, or the hash is malformed. */
export const isWeaker = (
  costs: HashCosts | undefined,
  parameters: SchemeParameters,
  names: readonly string[],
): boolean => costs === undefined || names.some((name) => (costs[name] ?? 0) < numberOf(parameters, name));

/** A numeric parameter. @throws RangeError when it is missing or not a whole number. */
export const numberOf = (parameters: SchemeParameters, name: string): number => {
  const value = Number(parameters[name]);
  if (!Number.isInteger(value) || value < 0)
    throw new RangeError(`password hashing parameter ${name} must be a whole number`);
  return value;
};

/** Base64 without padding, as passlib writes it; `dot` is its variant with `.` for `+`. */
export const encodeBase64 = (bytes: Uint8Array, variant: 'standard' | 'dot' = 'standard'): string => {
  const text = Buffer.from(bytes).toString('base64').replaceAll('=', '');
  return variant === 'dot' ? text.replaceAll('+', '.') : text;
};

/** Strict inverse of {@link encodeBase64}; undefined when malformed. The dot variant understands `+` as well. */
export const decodeBase64 = (text: string, variant: 'standard' | 'dot' = 'standard'): Buffer | undefined => {
  const standard = variant === 'dot' ? text.replaceAll('.', '+') : text;
  const bytes = Buffer.from(standard, 'base64');
  return encodeBase64(bytes) === standard ? bytes : undefined;
};

/** A decimal number as hashes carry it: digits only, no leading zero. NaN otherwise. */
export const decimal = (text: string | undefined): number =>
  text !== undefined && /^(?:0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : Number.NaN;
