import type { Mechanism } from './config/csrf-options.js';
import type { RequestContext } from './context.js';
import { sessionKeys } from './session.js';

/**
 * Did the caller authenticate within the given time? Extends the grace period while it lasts (specification 3.1.5,
 * `check_and_update_authn_fresh`). Milliseconds; `within < 0`: always fresh; `within === 0`: only within the grace.
 * Freshness lives in the session and counts for its own user only: a token beside another user's cookie is not fresh.
 */
export async function checkAndUpdateAuthnFresh(
  context: RequestContext,
  within: number,
  grace: number,
  mechanism?: Mechanism,
): Promise<boolean> {
  if (mechanism === 'basic' || within < 0) return true;
  const authenticatedAt = context.session.getNumber(sessionKeys.authenticatedAt);
  if (authenticatedAt === undefined || !(await sessionIsOfCaller(context))) return false;
  const now = context.now;
  const extended = Math.floor((now + grace) / 1000);
  const graceUntil = context.session.getNumber(sessionKeys.graceUntil);
  if (graceUntil !== undefined && now / 1000 < graceUntil) {
    context.session.set(sessionKeys.graceUntil, extended);
    return true;
  }
  const age = now - authenticatedAt * 1000;
  const fresh = within > 0 && age < within && age > -within;
  if (fresh || within === 0) context.session.set(sessionKeys.graceUntil, extended);
  return fresh;
}

/** Is the session that came along the caller's own? Beside a token it may be anybody's. */
export async function sessionIsOfCaller(context: RequestContext): Promise<boolean> {
  const caller = context.identity;
  if (!caller || caller.via === 'session') return caller?.via === 'session';
  const found = await context.core.sessions.find(context);
  return found !== null && found.user.fs_uniquifier === caller.user.fs_uniquifier;
}
