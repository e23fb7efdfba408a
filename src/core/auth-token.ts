import type { TimedSerializer } from '../crypto/serializer.js';
import type { User, UserDatastore } from '../datastores/contract.js';
import { isJsonType, mediaType } from '../http/accept.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import { milliseconds } from './duration.js';
import type { UserHooks } from './user-hooks.js';

/** Auth tokens (specification 1.3.6, 3.1.3): a signed, timed list with the user's token uniquifier. */
export interface AuthTokens {
  /** The user's token; gives the user a token uniquifier first, where the model has one that is still empty. */
  issue(user: User, now: number): Promise<string>;
  /** Did the request present a token at all? */
  presented(context: RequestContext): Promise<string | undefined>;
  /** The active user of a token whose signature, age and uniquifier are good. */
  find(token: string, now: number): Promise<User | null>;
}

export function createAuthTokens(
  config: CoreOptions,
  serializer: TimedSerializer,
  datastore: UserDatastore,
  hooks: UserHooks,
): AuthTokens {
  const header = config.tokenAuthenticationHeader.toLowerCase();
  const maxAge = config.tokenMaxAge === null ? undefined : milliseconds(config.tokenMaxAge) / 1000;
  const column = datastore.hasUserColumn('fs_token_uniquifier') ? 'fs_token_uniquifier' : 'fs_uniquifier';
  return {
    async issue(given, now) {
      const user = given[column] ? given : await datastore.setTokenUniquifier(given);
      return serializer.dumps([String(user[column])], now);
    },
    async presented(context) {
      const inHeader = context.request.header(header);
      if (inHeader) return inHeader;
      const { target } = context.request;
      if (target.includes('?')) {
        const inQuery = context.query.get(config.tokenAuthenticationKey);
        if (inQuery) return inQuery;
      }
      return await tokenInJson(context, config.tokenAuthenticationKey);
    },
    async find(token, now) {
      const loaded = serializer.loads(token, { now, ...(maxAge === undefined ? {} : { maxAge }) });
      if (!loaded.ok || !Array.isArray(loaded.value)) return null;
      const data: readonly unknown[] = loaded.value;
      // One element; tokens of version 3 of the original have three, with the uniquifier last.
      const uniquifier = data.length === 1 ? data[0] : data[2];
      if (typeof uniquifier !== 'string' || uniquifier === '') return null;
      const user = await datastore.findUser({ [column]: uniquifier });
      return user !== null && hooks.verifyAuthToken(user, data) ? user : null;
    },
  };
}

/** The original also looks into a JSON body. Only bodies of changing requests are read. */
async function tokenInJson(context: RequestContext, key: string): Promise<string | undefined> {
  if (!context.core.csrf.isChanging(context.request.method)) return undefined;
  if (!isJsonType(mediaType(context.request.header('content-type')))) return undefined;
  const body = await context.body();
  if (body.kind !== 'json' || typeof body.value !== 'object' || body.value === null || !Object.hasOwn(body.value, key))
    return undefined;
  const value: unknown = (body.value as Record<string, unknown>)[key]; // own key just checked
  return typeof value === 'string' && value !== '' ? value : undefined;
}
