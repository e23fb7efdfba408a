import { randomBytes } from 'node:crypto';

/** What both sides share: the same key, the same rows, the same hashing parameters. */
export const secretKey = 'benchmark-signing-key-0123456789-abcdefghij';
export const password = 'correct horse battery staple';
export const userCount = 10_000;
/** Users that sign in; each has the same password. */
export const loginUsers = 200;
/** Argon2id as `createSecurity` uses it by default (OWASP: 19 MiB, 2 passes, 1 lane). */
export const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

export type Framework = 'express' | 'fastify' | 'hono';
export const frameworks: readonly Framework[] = ['express', 'fastify', 'hono'];

export const randomId = (): string => randomBytes(32).toString('base64url');
export const emailOf = (index: number): string => `user${index}@example.com`;
