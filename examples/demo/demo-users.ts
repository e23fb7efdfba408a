import type { Security, UserDatastore } from 'sallyport';
import type { DemoUser } from './database.js';

export interface DemoAccount {
  email: string;
  password: string;
  roles: readonly string[];
  description: string;
}

/** Who is there on the first start in development. Nobody is made anywhere else: these passwords are public. */
export const demoUsers: readonly DemoAccount[] = [
  { email: 'admin@example.com', password: 'open sesame admin', roles: ['admin'], description: 'may do everything' },
  { email: 'editor@example.com', password: 'open sesame editor', roles: ['editor'], description: 'may read reports' },
  { email: 'member@example.com', password: 'open sesame member', roles: [], description: 'no role at all' },
];

/** The roles, and on the first start in development the demo users. */
export async function seed(
  security: Pick<Security, 'hashPassword'>,
  datastore: UserDatastore<DemoUser>,
  development: boolean,
): Promise<void> {
  await datastore.findOrCreateRole('admin', {
    description: 'Runs the site',
    permissions: ['reports-read', 'users-write'],
  });
  await datastore.findOrCreateRole('editor', { description: 'Writes for the site', permissions: ['reports-read'] });
  if (!development) return;
  for (const { email, password, roles } of demoUsers) {
    if ((await datastore.findUser({ email })) !== null) continue;
    await datastore.createUser({
      email,
      password: await security.hashPassword(password),
      confirmed_at: new Date(),
      roles,
    });
  }
}
