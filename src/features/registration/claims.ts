import type { RequestContext } from '../../core/context.js';
import type { FormState } from '../../core/form.js';
import { sha256Hex } from '../../crypto/encoding.js';

const purpose = 'registering';
/** Longer than any registration takes; a claim is given back as soon as its registration ends. */
const lifetime = 60_000;

/** Identities that are looked up without regard to case, but whose unique index may tell cases apart. */
function caseSensitiveFields({ core }: RequestContext): string[] {
  return [...(core.config.usernameEnable ? ['username'] : []), ...(core.config.emailLowercase ? [] : ['email'])];
}

/**
 * Runs `work` while nobody else registers the same identity in another spelling of case (attack line P6): `Ada1` and
 * `ada1` at once would both pass the lookup. `taken` names the field that somebody else is registering right now.
 */
export async function withClaims<Result>(
  context: RequestContext,
  form: FormState,
  work: (taken: string | null) => Promise<Result>,
): Promise<Result> {
  const { datastore } = context.core;
  const owned: string[] = [];
  let taken: string | null = null;
  try {
    for (const field of caseSensitiveFields(context)) {
      if (form.text(field) === '') continue;
      const hash = sha256Hex(`${purpose}:${field}:${form.text(field).normalize('NFKC').toLowerCase()}`);
      const row = { hash, purpose, subject: hash, expires_at: context.now + lifetime };
      if (await datastore.consume(row, context.now)) owned.push(hash);
      else taken = field;
    }
    return await work(taken);
  } finally {
    for (const subject of owned) await datastore.revoke(purpose, subject);
  }
}
