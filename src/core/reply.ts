import type { User } from '../datastores/contract.js';
import type { FormState } from './form.js';
import type { MessageReference } from './messages.js';

/** Shows a form (or a page without one); as JSON: its errors with 400, or its payload with the CSRF token. */
export interface PageReply {
  kind: 'page';
  template: string;
  /** Which context processors run besides those for all pages: `login`, `register` … */
  view: string;
  title: string;
  form?: FormState;
  /** Further values for the template. */
  context?: Record<string, unknown>;
  /** Further keys of the JSON answer. */
  payload?: Record<string, unknown>;
  status?: number;
}

/** Something was done: a redirect for pages, a payload for JSON. */
export interface DoneReply {
  kind: 'done';
  redirect: string;
  /** Flashed for the next page; JSON has none. */
  flash?: MessageReference;
  user?: User | undefined;
  /** Leaves `user` out of the JSON answer even though the form knows it. */
  hideUser?: boolean;
  /** The endpoint may hand out an auth token when asked to (`?include_auth_token`). */
  mayIncludeToken?: boolean;
  payload?: Record<string, unknown>;
  /** A GET that only ever redirects (a link out of a mail), for JSON callers too. */
  alwaysRedirect?: boolean;
  /** Nothing was done, and why: what a JSON caller is told with 400. A GET that always redirects still redirects. */
  failure?: MessageReference;
  /** An answer with nothing but `meta` and `response`: no CSRF token, no user. */
  bare?: boolean;
}

/** The request is refused: an error page, or JSON with `errors`. */
export interface RefusedReply {
  kind: 'refused';
  status: number;
  message: MessageReference;
  headers?: Record<string, string>;
  payload?: Record<string, unknown>;
}

/** Ready bytes: style sheets and the like. */
export interface RawReply {
  kind: 'raw';
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

export type Reply = PageReply | DoneReply | RefusedReply | RawReply;
