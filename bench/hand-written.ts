import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Client } from '@libsql/client';
import { verify } from '@node-rs/argon2';
import { randomId, secretKey } from './settings.js';

/** A user as the hand-written guard finds it: the same row, roles and permissions that ours loads. */
export interface HandUser {
  email: string;
  roles: { name: string; permissions: string }[];
}

const key = createSecretKey(Buffer.from(secretKey));
const rolesOf = `(select json_group_array(json_object('name', r.name, 'permissions', r.permissions)) from roles_users ru join role r on r.id = ru.role_id where ru.user_id = u.id)`;
const sessionSql = `select u.*, ${rolesOf} as roles from auth_session s join user u on u.id = cast(s.user_id as integer)
  where s.id_hash = ? and s.kind = 'session' and s.expires_at > ? and s.last_seen_at > ? and s.fs_uniquifier = u.fs_uniquifier`;
const tokenSql = `select u.*, ${rolesOf} as roles from user u where u.fs_uniquifier = ?`;

function sign(text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** `payload.signature`, both base64url. */
export function seal(value: object): string {
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${sign(payload)}`;
}

function open(text: string): Record<string, unknown> | undefined {
  const dot = text.lastIndexOf('.');
  if (dot < 0) return undefined;
  const payload = text.slice(0, dot);
  const given = Buffer.from(text.slice(dot + 1), 'base64url');
  const wanted = createHmac('sha256', key).update(payload).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>; // written by seal()
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const at = header?.indexOf(`${name}=`) ?? -1;
  if (header === undefined || at < 0) return undefined;
  const end = header.indexOf(';', at);
  return header.slice(at + name.length + 1, end < 0 ? undefined : end);
}

async function load(client: Client, sql: string, args: (string | number)[]): Promise<HandUser | undefined> {
  const { rows } = await client.execute({ sql, args });
  const row = rows[0];
  if (row === undefined || row['active'] !== 1) return undefined;
  return { email: String(row['email']), roles: JSON.parse(String(row['roles'])) as HandUser['roles'] }; // made by the query
}

/** What a careful developer writes without a library: one HMAC, one statement. */
export function handGuards(client: Client) {
  return {
    async session(cookie: string | undefined): Promise<HandUser | undefined> {
      const value = cookieOf(cookie, 'hand');
      const session = value === undefined ? undefined : open(value);
      if (session === undefined) return undefined;
      const now = Date.now();
      const hash = createHash('sha256').update(String(session['sid'])).digest('hex');
      return await load(client, sessionSql, [hash, now, now - 86_400_000]);
    },
    async token(header: string | undefined): Promise<HandUser | undefined> {
      const token = header === undefined ? undefined : open(header);
      if (token === undefined || Date.now() - Number(token['at']) > 2_592_000_000) return undefined;
      return await load(client, tokenSql, [String(token['u'])]);
    },
  };
}

/** A hand-written login with as many hashes at once as there are cores: its best. */
export function handLogin(client: Client) {
  let running = 0;
  const waiting: (() => void)[] = [];
  const limited = async (work: () => Promise<boolean>): Promise<boolean> => {
    if (running >= availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
  return async (email: string, password: string): Promise<string | undefined> => {
    const { rows } = await client.execute({
      sql: `select u.*, ${rolesOf} as roles from user u where u.email = ?`,
      args: [email.toLowerCase()],
    });
    const user = rows[0];
    const hash = user?.['password'];
    if (user === undefined || typeof hash !== 'string' || !(await limited(() => verify(hash, password))))
      return undefined;
    const sid = randomId();
    const now = Date.now();
    await client.execute({
      sql: `insert into auth_session (id_hash, kind, user_id, fs_uniquifier, methods, created_at, last_seen_at, expires_at) values (?, 'session', ?, ?, 'password', ?, ?, ?)`,
      args: [
        createHash('sha256').update(sid).digest('hex'),
        String(user['id']),
        String(user['fs_uniquifier']),
        now,
        now,
        now + 604_800_000,
      ],
    });
    return `hand=${seal({ sid })}; Path=/; HttpOnly; SameSite=Lax`;
  };
}
