import { readFileSync } from 'node:fs';
import type { Digest, KeyDerivation } from '../serializer.js';

export interface TokenVector {
  readonly keys: readonly string[];
  readonly salt: string;
  readonly digest: Digest;
  readonly derivation: KeyDerivation;
  readonly value: unknown;
  readonly now: number;
  readonly result: string;
}

export interface Vectors {
  readonly tokens: readonly TokenVector[];
  readonly sessions: readonly {
    readonly keys: readonly string[];
    readonly now: number;
    readonly kinds?: boolean;
    readonly value?: Readonly<Record<string, unknown>>;
    readonly result: string;
  }[];
  readonly remembered: readonly {
    readonly keys: readonly string[];
    readonly payload: string;
    readonly result: string;
  }[];
  readonly hashes: readonly {
    readonly scheme: string;
    readonly salt: string;
    readonly single: boolean;
    readonly password: string;
    readonly result: string;
  }[];
  readonly macs: readonly { readonly salt: string; readonly hmac: string; readonly result: string }[];
}

/** What `vectors/make.py` recorded of the original; its shape is that script's. */
export const vectors = JSON.parse(readFileSync(new URL('../vectors/vectors.json', import.meta.url), 'utf8')) as Vectors;
