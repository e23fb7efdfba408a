import { coreMessages, type MessageCatalog, type MessageLevel, type MessageText } from '../core/messages.js';
import { login } from '../features/login/index.js';
import { logout } from '../features/logout/index.js';
import type { OptionalFeature } from '../features/optional.js';
import { verify } from '../features/verify/index.js';
import { specifiedMessages } from './specified-messages.js';

const levels: readonly MessageLevel[] = ['success', 'info', 'warning', 'error'];
const baseCatalogs: readonly MessageCatalog[] = [coreMessages, login.messages, logout.messages, verify.messages];

const keysOf = (catalogs: readonly MessageCatalog[]): Set<string> => new Set(catalogs.flatMap(Object.keys));

/** Every key that `SECURITY_MSG_` may be followed by. */
export function knownMessages(features: readonly OptionalFeature[]): ReadonlySet<string> {
  return new Set([...specifiedMessages, ...keysOf([...baseCatalogs, ...features.map((feature) => feature.messages)])]);
}

/** Keys of messages that are there when these features are on. */
export function activeMessages(features: readonly OptionalFeature[]): ReadonlySet<string> {
  return keysOf([...baseCatalogs, ...features.map((feature) => feature.messages)]);
}

/**
 * A message as the specification writes it: `['No.', 'error']`.
 * @throws Error that says what is wrong with it
 */
export function messageText(value: unknown): MessageText {
  const [text, level]: unknown[] = Array.isArray(value) && value.length === 2 ? value : [];
  const known = levels.find((candidate) => candidate === level);
  if (typeof text !== 'string' || known === undefined) {
    throw new Error(`expected a text and its level: ["…", "error"]; levels are ${levels.join(', ')}`);
  }
  return { text, level: known };
}
