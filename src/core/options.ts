import { z } from 'zod';
import { parseDuration } from './duration.js';

/** `modern`: today's best defaults (`createSecurity`). `flask`: the specification's defaults and behaviour (`fromFlaskConfig`). */
export type Profile = 'modern' | 'flask';

/** Everything there is to know about one option, beside the feature that reads it. */
export interface OptionDeclaration<Value> {
  schema: z.ZodType<Value>;
  /** Default of `createSecurity`. */
  default: Value;
  /** Default of the specification, where it differs; `docs/differences.md` has a row for each. */
  documented?: Value;
  /** The specified name, `SECURITY_…` (or `WTF_…`, `SESSION_COOKIE_…`); absent for options of our own. */
  specified?: string;
  /** Turns a specified value into ours, where its form differs; throws an Error that says what is wrong. */
  convert?: (value: unknown) => unknown;
  /** One sentence for the reference documentation. */
  doc: string;
}

/** The declarations of all options of a feature. */
export type OptionDeclarations<Options> = { [Name in keyof Options]-?: OptionDeclaration<Options[Name]> };

interface Extra<Value> {
  documented?: Value;
  specified?: string;
  convert?: (value: unknown) => unknown;
}

function declare<Value>(
  schema: z.ZodType<Value>,
  fallback: Value,
  doc: string,
  extra: Extra<Value> = {},
): OptionDeclaration<Value> {
  return { schema, default: fallback, doc, ...extra };
}

/** A number of seconds (a timedelta) or a text with a unit, as the specification writes durations. */
export function durationFrom(unit: 'seconds' | 'minutes' | 'milliseconds'): (value: unknown) => unknown {
  return (value) => (typeof value === 'number' ? `${value} ${unit}` : value);
}

/** `'Strict'` for `'strict'`: Flask's configuration takes either. */
export function capitalised(value: unknown): unknown {
  return typeof value === 'string' ? value.charAt(0).toUpperCase() + value.slice(1).toLowerCase() : value;
}

const durationSchema = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: 'expected an amount and a unit, such as "10 minutes"',
});
const pathSchema = z
  .string()
  .refine((path) => path.startsWith('/') && !path.startsWith('//') && !/[\s\\?#]/.test(path), {
    error: 'expected a path that begins with one "/", without query',
  });

/** Makers of option declarations, one for each kind of value. */
export const option = {
  text: (fallback: string, doc: string, extra?: Extra<string>) => declare(z.string(), fallback, doc, extra),
  optionalText: (fallback: string | null, doc: string, extra?: Extra<string | null>) =>
    declare(z.string().nullable(), fallback, doc, extra),
  flag: (fallback: boolean, doc: string, extra?: Extra<boolean>) => declare(z.boolean(), fallback, doc, extra),
  count: (fallback: number, doc: string, extra?: Extra<number>) => declare(z.int().min(0), fallback, doc, extra),
  path: (fallback: string, doc: string, extra?: Extra<string>) => declare(pathSchema, fallback, doc, extra),
  /** A URL, a path, or the name of one of our endpoints (`.login`). */
  view: (fallback: string | null, doc: string, extra?: Extra<string | null>) =>
    declare(z.string().min(1).nullable(), fallback, doc, extra),
  texts: (fallback: readonly string[], doc: string, extra?: Extra<readonly string[]>) =>
    declare<readonly string[]>(z.array(z.string()), fallback, doc, extra),
  duration: (fallback: string, doc: string, extra?: Extra<string>) =>
    declare(durationSchema, fallback, doc, { convert: durationFrom('seconds'), ...extra }),
  optionalDuration: (fallback: string | null, doc: string, extra?: Extra<string | null>) =>
    declare(durationSchema.nullable(), fallback, doc, { convert: durationFrom('seconds'), ...extra }),
  oneOf: <const Value extends string>(
    values: readonly Value[],
    fallback: NoInfer<Value>,
    doc: string,
    extra?: Extra<NoInfer<Value>>,
  ) => declare<Value>(z.enum(values), fallback, doc, extra),
  of: declare,
};

/** The value of each option: as given, else the profile's default. Problems are collected, not thrown. */
export function resolveOptions<Options extends object>(
  declarations: OptionDeclarations<Options>,
  given: Partial<Options>,
  profile: Profile,
  problems: string[],
): Options {
  const resolved: Partial<Options> = {};
  for (const name of Object.keys(declarations) as (keyof Options & string)[]) {
    // Object.keys of a record keyed by Options
    const declaration = declarations[name];
    const value = given[name];
    if (value === undefined) {
      resolved[name] =
        profile === 'flask' && 'documented' in declaration ? declaration.documented : declaration.default;
      continue;
    }
    const parsed = declaration.schema.safeParse(value);
    if (parsed.success) resolved[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  return resolved as Options; // every declared option was visited; where one is missing, `problems` stops the start
}

/** The known name nearest to a misspelt one (edit distance), if any is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + cost),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
