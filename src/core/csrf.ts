import { randomBytes } from 'node:crypto';
import { base64urlDecode, constantTimeEqual, randomHex } from '../crypto/encoding.js';
import type { TimedSerializer } from '../crypto/serializer.js';
import { readCookie, writeCookie } from '../http/cookies.js';
import type { HttpRequest, RequestBody } from '../http/types.js';
import type { Mechanism } from './config/csrf-options.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import { milliseconds } from './duration.js';
import type { MessageReference } from './messages.js';
import type { Profile } from './options.js';
import type { Origins } from './origins.js';
import { sessionKeys } from './session.js';

/** Protection against requests that another site makes a browser send (specification 2.5.5). */
export interface Csrf {
  /** The token for forms, headers and the cookie; makes the session's seed when there is none. */
  token(context: RequestContext): string;
  /** The name of the form field. */
  readonly fieldName: string;
  /** Judges a changing request: origin, then token. Answers what is wrong, if anything. */
  check(context: RequestContext): Promise<MessageReference | undefined>;
  /** What the guards ask, once a mechanism has proven the caller (specification: `handle_csrf`). */
  handle(context: RequestContext, mechanism: Mechanism): Promise<MessageReference | undefined>;
  /** What endpoints ask that need no sign-in (specification: `unauth_csrf`). */
  handleUnauthenticated(context: RequestContext): Promise<MessageReference | undefined>;
  /** Does this method change something? */
  isChanging(method: string): boolean;
  /** A new seed: every token handed out before is dead. */
  rotate(context: RequestContext): void;
  /** Sends, renews or removes the cookie with the token, as the session's state asks. */
  refreshCookie(context: RequestContext): void;
}

type Verdict = 'ok' | 'missing' | 'invalid' | 'expired';
const messageOf: Record<Exclude<Verdict, 'ok'>, MessageReference> = {
  missing: { key: 'CSRF_TOKEN_MISSING' },
  invalid: { key: 'CSRF_TOKEN_INVALID' },
  expired: { key: 'CSRF_TOKEN_EXPIRED' },
};

export function createCsrf(config: CoreOptions, profile: Profile, serializer: TimedSerializer, origins: Origins): Csrf {
  const changing = new Set(config.csrfMethods.map((method) => method.toUpperCase()));
  const headers = [...new Set([config.csrfHeader, ...config.csrfHeaders].map((name) => name.toLowerCase()))];
  const maxAge = config.csrfTimeLimit === null ? undefined : milliseconds(config.csrfTimeLimit) / 1000;
  // The original signs the seed itself; ours is masked, so that no two tokens share text (attack line C4).
  const masked = profile === 'modern';

  const token: Csrf['token'] = (context) => {
    let seed = context.session.getText(config.csrfFieldName);
    if (seed === undefined) {
      seed = randomHex(20);
      context.session.set(config.csrfFieldName, seed);
    }
    return serializer.dumps(masked ? mask(seed) : seed, context.now);
  };

  const judgeToken = (given: string | undefined, context: RequestContext): Verdict => {
    const seed = context.session.getText(config.csrfFieldName);
    if (!given || seed === undefined) return 'missing';
    const loaded = serializer.loads(given, { now: context.now, ...(maxAge === undefined ? {} : { maxAge }) });
    if (!loaded.ok) return loaded.reason;
    const presented = typeof loaded.value !== 'string' ? undefined : masked ? unmask(loaded.value) : loaded.value;
    return presented !== undefined && constantTimeEqual(presented, seed) ? 'ok' : 'invalid';
  };

  const check: Csrf['check'] = async (context) => {
    if (!config.csrfEnabled || context.csrfValid) return undefined;
    if (!isFromOurs(context.request, config, origins)) return { key: 'CSRF_ORIGIN' };
    const verdict = judgeToken(await presentedToken(context, config.csrfFieldName, headers), context);
    if (verdict !== 'ok') return messageOf[verdict];
    context.csrfValid = true;
    return undefined;
  };

  return {
    token,
    check,
    fieldName: config.csrfFieldName,
    isChanging: (method) => changing.has(method),
    async handle(context, mechanism) {
      if (!config.csrfEnabled || !changing.has(context.request.method) || context.csrfValid) return undefined;
      if (config.csrfProtectMechanisms.includes(mechanism)) return await check(context);
      context.ignoreCsrf = true;
      // Browsers attach basic credentials by themselves, as they do cookies.
      return mechanism === 'basic' && !isFromOurs(context.request, config, origins)
        ? { key: 'CSRF_ORIGIN' }
        : undefined;
    },
    async handleUnauthenticated(context) {
      if (!config.csrfEnabled || !changing.has(context.request.method)) return undefined;
      if (config.csrfIgnoreUnauthEndpoints && (await context.currentUser()) === null) {
        context.ignoreCsrf = true;
        return isFromOurs(context.request, config, origins) ? undefined : { key: 'CSRF_ORIGIN' };
      }
      return await check(context);
    },
    rotate(context) {
      context.session.set(config.csrfFieldName, randomHex(20));
    },
    refreshCookie(context) {
      if (config.csrfCookieName === null) return;
      const state = context.session.getText(sessionKeys.csrfCookie);
      if (state === undefined) return;
      const {
        samesite = null,
        httponly = false,
        secure = null,
        path = '/',
        domain = null,
        max_age,
      } = config.csrfCookie;
      const attributes = {
        httpOnly: httponly,
        secure: secure ?? origins.secure,
        sameSite: samesite ?? undefined,
        path,
        domain: domain ?? undefined,
      };
      const lasting = { ...attributes, maxAge: max_age ?? undefined };
      if (state === 'clear') {
        context.session.delete(sessionKeys.csrfCookie);
        context.setCookie(config.csrfCookieName, writeCookie(config.csrfCookieName, '', { ...attributes, maxAge: 0 }));
        return;
      }
      const present = readCookie(context.request.header('cookie'), config.csrfCookieName);
      const stale = present !== undefined && maxAge !== undefined && judgeToken(present, context) !== 'ok';
      if (state !== 'set' && !config.csrfCookieRefreshEachRequest && !stale) return;
      if (state === 'set') context.session.set(sessionKeys.csrfCookie, 'sent');
      context.setCookie(config.csrfCookieName, writeCookie(config.csrfCookieName, token(context), lasting));
    },
  };
}

/** Origin and Fetch-Metadata are judged where they are present; `Origin: null` is nobody we know (attack line C2). */
function isFromOurs(request: HttpRequest, config: CoreOptions, origins: Origins): boolean {
  if (!config.csrfCheckOrigin) return !config.csrfSslStrict || !config.csrfProtect || hasOurReferer(request, origins);
  const origin = request.header('origin');
  if (origin !== undefined) return origins.mayChange(origin, request);
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const referer = request.header('referer');
  return referer === undefined || (URL.canParse(referer) && origins.mayChange(new URL(referer).origin, request));
}

/** The original's rule for https: a Referer there must be, and ours. */
function hasOurReferer(request: HttpRequest, origins: Origins): boolean {
  if (!origins.site(request).startsWith('https:')) return true;
  const referer = request.header('referer');
  return referer !== undefined && URL.canParse(referer) && origins.mayChange(new URL(referer).origin, request);
}

async function presentedToken(
  context: RequestContext,
  field: string,
  headers: readonly string[],
): Promise<string | undefined> {
  for (const name of headers) {
    const value = context.request.header(name);
    if (value !== undefined && value !== '') return value;
  }
  return tokenInBody(await context.body(), field);
}

function tokenInBody(body: RequestBody, field: string): string | undefined {
  if (body.kind === 'form') return body.fields.get(field)?.[0];
  if (body.kind !== 'json' || typeof body.value !== 'object' || body.value === null) return undefined;
  const value: unknown = Object.hasOwn(body.value, field) ? (body.value as Record<string, unknown>)[field] : undefined; // own key just checked
  return typeof value === 'string' ? value : undefined;
}

function mask(seed: string): string {
  const text = Buffer.from(seed);
  const pad = randomBytes(text.length);
  return Buffer.concat([pad, text.map((byte, index) => byte ^ (pad[index] ?? 0))]).toString('base64url');
}

function unmask(value: string): string | undefined {
  const bytes = base64urlDecode(value);
  if (bytes === undefined || bytes.length % 2 !== 0) return undefined;
  const half = bytes.length / 2;
  return Buffer.from(bytes.subarray(half))
    .map((byte, index) => byte ^ (bytes[index] ?? 0))
    .toString();
}
