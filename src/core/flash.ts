import type { RequestContext } from './context.js';
import type { MessageReference } from './messages.js';
import { sessionKeys } from './session.js';

/** A message kept for the next page: category and text, as Flask keeps them. */
export type FlashedMessage = readonly [category: string, text: string];

const mostKept = 10;

function kept(context: RequestContext): FlashedMessage[] {
  const value = context.session.get(sessionKeys.flashes);
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is FlashedMessage =>
      Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && typeof entry[1] === 'string',
  );
}

/** Keeps a text for the next page. The oldest go when there are too many: the cookie is small. */
export function flashText(context: RequestContext, text: string, category: string): void {
  if (!context.core.config.flashMessages) return;
  context.session.set(sessionKeys.flashes, [...kept(context), [category, text]].slice(-mostKept));
}

/** Keeps a message of the catalogue for the next page. */
export function flash(context: RequestContext, message: MessageReference): void {
  flashText(context, context.core.say(message, context.locale), context.core.message(message.key).level);
}

/** Takes the kept messages: they are shown once. */
export function takeFlashedMessages(context: RequestContext): FlashedMessage[] {
  const messages = kept(context);
  if (context.session.get(sessionKeys.flashes) !== undefined) context.session.delete(sessionKeys.flashes);
  return messages;
}
